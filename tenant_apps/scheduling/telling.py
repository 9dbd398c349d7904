"""What is said of an appointment, and to whom: its client and the professionals who go there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from shared_apps.organizations import current
from tenant_apps.notifications.services import Notice, Recipient, Times, Value, notify_all
from tenant_apps.scheduling import local
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.queries import with_everything
from tenant_apps.team.models import Member

SUBJECT = "scheduling.appointment"
TOLD_OF = {"created", "changed", "cancelled"}


def tell_of_change(
    sender: object, *, appointment: Appointment, actor: Member | None, change: str, **_rest: object
) -> None:
    """On `appointment_changed`. Whoever did it is not told, nor is anybody of a visit that is over."""
    now = timezone.now()
    if change in TOLD_OF and appointment.ends_at > now:
        found = with_everything(Appointment.objects.filter(pk=appointment.pk)).get()
        notify_all([notice_of(found, f"appointment.{change}", now=now, zone=current.zone(), besides=actor)], now=now)


def notice_of(
    appointment: Appointment, event: str, *, now: datetime, zone: ZoneInfo, besides: Member | None = None
) -> Notice:
    """`appointment` as `queries.with_everything` reads it."""
    return Notice(
        event=event,
        subject_type=SUBJECT,
        subject_id=appointment.pk,
        day=local.day_of(now, zone),
        to=tuple(_people(appointment, besides)),
        values=_values(appointment, zone),
        url=f"/appointments/{appointment.pk}/",
    )


def _people(appointment: Appointment, besides: Member | None) -> Iterator[Recipient]:
    client = appointment.client
    if not client.is_archived:
        yield Recipient.client(client.pk, client.name, client.email, client.phone)
    for booking in appointment.bookings.all():
        if booking.member.is_active and booking.member != besides:
            yield Recipient.member(booking.member)


def _values(appointment: Appointment, zone: ZoneInfo) -> dict[str, Value]:
    start = appointment.starts_at.astimezone(zone)
    until = appointment.arrival_until and appointment.arrival_until.astimezone(zone)
    place, cancellation = appointment.place, appointment.cancellation
    line = place and ", ".join(filter(None, [f"{place.street} {place.number}".strip(), place.district, place.city]))
    return {
        "client_name": appointment.client.name,
        "date": start.date(),
        "time": Times(start.time(), until.time()) if until else start.time(),
        "place": line or (str(place) if place else ""),
        "professionals": ", ".join(str(booking.member) for booking in appointment.bookings.all()),
        "services": ", ".join(str(one.offering) for one in appointment.lines.all()),
        "reason": cancellation.reason if cancellation else "",
    }
