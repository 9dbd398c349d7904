"""Everything that changes the calendar."""

from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.services.appointments import book_appointment, move_appointment, update_appointment
from tenant_apps.scheduling.services.contracts import (
    create_contract,
    end_contract,
    next_generation,
    remove_contract,
    split_contract,
    update_contract,
)
from tenant_apps.scheduling.services.hours import (
    add_day_off,
    change_policy,
    policy,
    remove_day_off,
    set_working_hours,
)
from tenant_apps.scheduling.services.offerings import create_offering, remove_offering, update_offering
from tenant_apps.scheduling.services.scopes import change_visit
from tenant_apps.scheduling.services.series import generate_visits
from tenant_apps.scheduling.services.states import (
    cancel_appointment,
    complete_appointment,
    confirm_appointment,
    mark_no_show,
    reopen_appointment,
    restore_appointment,
    start_appointment,
)
from tenant_apps.scheduling.services.variations import (
    pause_contract,
    remove_variation,
    resume_contract,
    vary_contract,
)

__all__ = [
    "LineGiven",
    "add_day_off",
    "book_appointment",
    "cancel_appointment",
    "change_policy",
    "change_visit",
    "complete_appointment",
    "confirm_appointment",
    "create_contract",
    "create_offering",
    "end_contract",
    "generate_visits",
    "mark_no_show",
    "move_appointment",
    "next_generation",
    "pause_contract",
    "policy",
    "remove_contract",
    "remove_day_off",
    "remove_offering",
    "remove_variation",
    "reopen_appointment",
    "restore_appointment",
    "resume_contract",
    "set_working_hours",
    "split_contract",
    "start_appointment",
    "update_appointment",
    "update_contract",
    "update_offering",
    "vary_contract",
]
