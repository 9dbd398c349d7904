"""Booking, moving and changing appointments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core.errors import FieldError
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client, Place
from tenant_apps.clients.services.locks import locked_client
from tenant_apps.scheduling import guards
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Appointment, Line
from tenant_apps.scheduling.services import bookings
from tenant_apps.scheduling.services.locks import changeable_appointment
from tenant_apps.scheduling.signals import appointment_changed
from tenant_apps.team.models import Member

FIELDS = ("starts_at", "ends_at", "arrival_until", "place_id", "notes", "price")
BOOKABLE = (Appointment.Status.PENDING, Appointment.Status.CONFIRMED)
UNCHANGED: Any = object()  # None means something for these


@transaction.atomic
def book_appointment(
    *,
    actor: Member | None,
    client: Client,
    starts_at: datetime,
    ends_at: datetime,
    member_ids: Sequence[UUID],
    lines: Sequence[LineGiven] = (),
    place: Place | UUID | None = None,
    arrival_until: datetime | None = None,
    notes: str = "",
    price: Decimal | None = None,
    status: str = Appointment.Status.PENDING,
    overrule: bool = False,
) -> Appointment:
    """Book a visit to a client. Without a price it costs what its lines do. `overrule`: although nobody works then.

    Raises NotThere, ClientArchived, FieldError, NotWorking, DoubleBooked.
    """
    now = timezone.now()
    guards.times(starts_at, ends_at, arrival_until, now=now)
    if status not in BOOKABLE:
        raise FieldError("status", _("A new appointment is pending or confirmed."), "invalid_choice")
    client = locked_client(client.pk)
    found_place = guards.place_of(client, place)
    made = guards.lines(lines, client, found_place)
    members = guards.members(member_ids)
    appointment = Appointment(
        client=client,
        place=found_place,
        starts_at=starts_at,
        ends_at=ends_at,
        arrival_until=arrival_until,
        status=status,
        notes=guards.text(notes, "notes"),
        price=guards.amount(guards.total(made) if price is None else price, "price"),
    )
    if not overrule:
        bookings.refuse_not_working(members, starts_at, ends_at, now=now)
    entitlements.require_room(entitlements.here(), Feature.APPOINTMENTS, at=starts_at)
    appointment.save(force_insert=True)
    bookings.keep(appointment, members, now=now)
    keep_lines(appointment, made)
    activity.record(actor, "appointment.created", appointment, after=snapshot(appointment, members, made))
    appointment_changed.send(Appointment, appointment=appointment, actor=actor, change="created")
    return appointment


def move_appointment(
    appointment: Appointment,
    *,
    actor: Member | None,
    starts_at: datetime,
    ends_at: datetime,
    member_ids: Sequence[UUID] | None = None,
    expected: Collection[int] | None = None,
    overrule: bool = False,
) -> Appointment:
    """Another time, other professionals (None: the same). The arrival window keeps its length.

    Raises what `update_appointment` raises.
    """
    return update_appointment(
        appointment,
        actor=actor,
        starts_at=starts_at,
        ends_at=ends_at,
        member_ids=member_ids,
        expected=expected,
        overrule=overrule,
    )


@transaction.atomic
def update_appointment(
    appointment: Appointment,
    *,
    actor: Member | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    arrival_until: datetime | None = UNCHANGED,
    member_ids: Sequence[UUID] | None = None,
    lines: Sequence[LineGiven] | None = None,
    place: Place | UUID | None = UNCHANGED,
    notes: str | None = None,
    price: Decimal | None = UNCHANGED,
    expected: Collection[int] | None = None,
    overrule: bool = False,
) -> Appointment:
    """Change an appointment that stands and is not finished; what is not given stays. A visit of a contract stands by
    itself afterwards: changes of the series leave it alone.

    `price=None`: what the lines cost. Raises NotThere, Stale, ClientArchived, AppointmentCancelled,
    AppointmentFinished, FieldError, NotWorking, DoubleBooked.
    """
    now = timezone.now()
    appointment = changeable_appointment(appointment.pk, expected=expected)
    if appointment.client.is_archived:
        raise ClientArchived
    had = list(appointment.lines.select_related("offering"))
    old_members = [row.member for row in appointment.bookings.select_related("member").order_by("member_id")]
    before, old = snapshot(appointment, old_members, had), (appointment.starts_at, appointment.ends_at)
    appointment.starts_at = starts_at or old[0]
    appointment.ends_at = ends_at or old[1]
    if arrival_until is not UNCHANGED:
        appointment.arrival_until = arrival_until
    elif appointment.arrival_until is not None:
        window = appointment.arrival_until - old[0]
        appointment.arrival_until = min(appointment.starts_at + window, appointment.ends_at)
    if place is not UNCHANGED:
        appointment.place = guards.place_of(appointment.client, place)
    made = had if lines is None else guards.lines(lines, appointment.client, appointment.place, kept=had)
    if notes is not None:
        appointment.notes = guards.text(notes, "notes")
    if price is not UNCHANGED:
        appointment.price = guards.amount(guards.total(made) if price is None else price, "price")
    moved = (appointment.starts_at, appointment.ends_at) != old
    if moved or appointment.arrival_until is not None:
        guards.times(appointment.starts_at, appointment.ends_at, appointment.arrival_until, now=now)
    old_ids = [member.pk for member in old_members]
    others = member_ids is not None and set(member_ids) != set(old_ids)
    members = guards.members(old_ids if member_ids is None else member_ids) if moved or others else old_members
    after = snapshot(appointment, members, made)
    if after == before:
        return appointment
    if (moved or others) and not overrule:
        bookings.refuse_not_working(members, appointment.starts_at, appointment.ends_at, now=now, besides=appointment)
    if moved or others:
        bookings.keep(appointment, members, now=now)
    if lines is not None:
        keep_lines(appointment, made)
    appointment.is_detached = appointment.contract_id is not None
    save(appointment, *FIELDS, "is_detached")
    activity.record(actor, "appointment.updated", appointment, before=before, after=after)
    appointment_changed.send(Appointment, appointment=appointment, actor=actor, change="changed")
    return appointment


def save(appointment: Appointment, *fields: str) -> None:
    appointment.version += 1
    appointment.save(update_fields=[*(name.removesuffix("_id") for name in fields), "version", "updated_at"])


def keep_lines(appointment: Appointment, made: Sequence[Line]) -> None:
    """Make these the appointment's lines."""
    appointment.lines.all().delete()
    for line in made:
        line.appointment = appointment
    Line.objects.bulk_create(made)


def snapshot(appointment: Appointment, members: Sequence[Member], lines: Sequence[Line]) -> dict[str, Any]:
    """What activity compares."""
    said = [f"{line.offering} × {line.quantity.normalize():f}" for line in lines]
    return {
        **{name: getattr(appointment, name) for name in FIELDS},
        "professionals": sorted(str(member) for member in members),
        "lines": [f"{text} = {line.price}" for text, line in zip(said, lines, strict=True)],
        "status": appointment.status,
    }
