"""Appointments as iCalendar (RFC 5545). Times are those of the organization's clocks, and the file brings along what
those clocks do: whoever looks from another zone sees the right moment, and the file says the hour that was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from shared_apps.organizations import current
from tenant_apps.scheduling.models import Appointment

PRODUCT = "-//Colmeia//Calendar//EN"
_STATUS = {Appointment.Status.PENDING: "TENTATIVE"}


def feed(appointments: Iterable[Appointment], *, name: str, host: str, now: datetime) -> bytes:
    """A member's calendar."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", current.zone().key)
    calendar.add("refresh-interval", timedelta(hours=1))
    for appointment in appointments:
        calendar.add_component(_event(appointment, host=host, now=now, summary=appointment.client.name, is_inner=True))
    return _written(calendar)


def single(appointment: Appointment, *, firm: str, host: str, now: datetime) -> bytes:
    """One appointment, for the client: what is to be done and by which firm, and nothing of the firm's own notes."""
    calendar = _calendar()
    cancelled = appointment.cancellation_id is not None
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(appointment, host=host, now=now, summary=_summary(appointment, firm), is_inner=False))
    return _written(calendar)


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(appointment: Appointment, *, host: str, now: datetime, summary: str, is_inner: bool) -> Event:
    event = Event()
    event.add("uid", f"{appointment.pk}@{host}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", appointment.updated_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", appointment.version)
    zone = current.zone()
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", (appointment.ends_at if is_inner else _told_end(appointment)).astimezone(zone))
    event.add("summary", _clean(summary))
    if place := _place(appointment):
        event.add("location", _clean(place))
    if said := _said(appointment, is_inner=is_inner):
        event.add("description", _clean(said))
    cancelled = appointment.cancellation_id is not None
    event.add("status", "CANCELLED" if cancelled else _STATUS.get(Appointment.Status(appointment.status), "CONFIRMED"))
    return event


def _told_end(appointment: Appointment) -> datetime:
    """A client is told when somebody comes: until the end of the arrival window, where there is one."""
    window = appointment.arrival_until
    return window if window is not None and window > appointment.starts_at else appointment.ends_at


def _summary(appointment: Appointment, firm: str) -> str:
    offerings = ", ".join(dict.fromkeys(line.offering.name for line in appointment.lines.all()))
    return f"{offerings} · {firm}" if offerings else firm


def _place(appointment: Appointment) -> str:
    place = appointment.place
    if place is None:
        return ""
    line = " ".join(filter(None, [place.street, place.number]))
    return ", ".join(filter(None, [line, place.district, place.city_and_state]))


def _said(appointment: Appointment, *, is_inner: bool) -> str:
    if not is_inner:
        names = ", ".join(str(row.member) for row in appointment.bookings.all())
        return _("With %(names)s") % {"names": names} if names else ""
    place = appointment.place
    parts = [
        ", ".join(dict.fromkeys(line.offering.name for line in appointment.lines.all())),
        appointment.client.phone,
        place.access_notes if place else "",
        appointment.notes,
    ]
    return "\n".join(filter(None, parts))


def _clean(text: str) -> str:
    """Without the control characters that the format cannot hold."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)
