"""What people are told of: each event with the words a text about it may use, and through which channels by default."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.notifications.models import Channel

ALWAYS = ("name", "firm", "link")  # who reads it, the organization, where it leads
_VISIT = ("client_name", "date", "time", "place", "professionals", "services", "reason")
_CHARGE = ("client_name", "description", "amount", "due_date")


@dataclass(frozen=True, slots=True)
class Event:
    """`members` and `clients` are the channels each is told through while they have said nothing; empty: not at all.

    A client is written to by WhatsApp or SMS only once they have agreed (`consents.py`), so these stand in no default.
    """

    key: str
    label: Promise
    variables: tuple[str, ...]
    members: tuple[Channel, ...] = ()
    clients: tuple[Channel, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Every variable that a text for this event may use."""
        return (*ALWAYS, *self.variables)


_APP, _EMAIL = (Channel.APP,), (Channel.EMAIL,)
_BOTH = (Channel.APP, Channel.EMAIL)

EVENTS: dict[str, Event] = {
    event.key: event
    for event in (
        Event("appointment.created", _("A visit was booked"), _VISIT, _APP, _EMAIL),
        Event("appointment.changed", _("A visit was moved or changed"), _VISIT, _BOTH, _EMAIL),
        Event("appointment.cancelled", _("A visit was cancelled"), _VISIT, _BOTH, _EMAIL),
        Event("appointment.reminder", _("Reminder the day before a visit"), _VISIT, _APP, _EMAIL),
        Event("entry.due_soon", _("A charge is due in 3 days"), _CHARGE, clients=_EMAIL),
        Event("entry.due_today", _("A charge is due today"), _CHARGE, clients=_EMAIL),
        Event("entry.overdue_1", _("A charge is 1 day overdue"), _CHARGE, _APP, _EMAIL),
        Event("entry.overdue_3", _("A charge is 3 days overdue"), _CHARGE, _APP, _EMAIL),
        Event("payment.received", _("A payment was received"), (*_CHARGE, "paid_on"), _APP, _EMAIL),
        Event("payment.reversed", _("A payment was taken back"), (*_CHARGE, "reason"), _BOTH),
        Event("report.sent", _("A report is ready"), ("title", "period"), _BOTH),
    )
}

# The channels through which an organization may write to its clients, and those a member may choose from.
CLIENT_CHANNELS = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS)
MEMBER_CHANNELS = (Channel.APP, Channel.EMAIL)
AFTER_CONSENT = frozenset({Channel.WHATSAPP, Channel.SMS})


def event(key: str) -> Event:
    """Raises KeyError with what there is."""
    try:
        return EVENTS[key]
    except KeyError:
        raise KeyError(f"No event is called {key!r}. There are: {', '.join(EVENTS)}.") from None
