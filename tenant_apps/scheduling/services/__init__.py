"""Everything that changes the calendar."""

from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.services.appointments import book_appointment, move_appointment, update_appointment
from tenant_apps.scheduling.services.hours import (
    add_day_off,
    change_policy,
    policy,
    remove_day_off,
    set_working_hours,
)
from tenant_apps.scheduling.services.offerings import create_offering, remove_offering, update_offering
from tenant_apps.scheduling.services.states import (
    cancel_appointment,
    complete_appointment,
    confirm_appointment,
    mark_no_show,
    reopen_appointment,
    restore_appointment,
    start_appointment,
)

__all__ = [
    "LineGiven",
    "add_day_off",
    "book_appointment",
    "cancel_appointment",
    "change_policy",
    "complete_appointment",
    "confirm_appointment",
    "create_offering",
    "mark_no_show",
    "move_appointment",
    "policy",
    "remove_day_off",
    "remove_offering",
    "reopen_appointment",
    "restore_appointment",
    "set_working_hours",
    "start_appointment",
    "update_appointment",
    "update_offering",
]
