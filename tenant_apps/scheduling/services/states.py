"""What becomes of an appointment: confirmed, begun, done, not kept, cancelled; and back.

Said twice, each happens once: the second time nothing changes and nobody is told again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.scheduling import guards
from tenant_apps.scheduling.errors import (
    AppointmentCancelled,
    AppointmentFinished,
    AppointmentStarted,
    NotCancelled,
    NotStarted,
    TooEarly,
)
from tenant_apps.scheduling.models import Appointment, Booking, Cancellation
from tenant_apps.scheduling.services import bookings
from tenant_apps.scheduling.services.appointments import save
from tenant_apps.scheduling.services.locks import locked_appointment
from tenant_apps.scheduling.signals import appointment_changed, appointment_done, appointment_undone
from tenant_apps.team.models import Member

Status = Appointment.Status
Expected = Collection[int] | None
BEFORE = frozenset({Status.PENDING, Status.CONFIRMED})


@transaction.atomic
def cancel_appointment(
    appointment: Appointment, *, actor: Member | None, reason: str = "", expected: Expected = None
) -> Appointment:
    """Call it off: the professionals are free again. Raises NotThere, Stale, AppointmentStarted."""
    reason = guards.text(reason, "reason", most=300)
    appointment = locked_appointment(appointment.pk, expected=expected)
    if appointment.cancellation_id is not None:
        return appointment
    if appointment.status not in BEFORE:
        raise AppointmentStarted
    appointment.cancellation = Cancellation.objects.create(appointment=appointment, by=actor, reason=reason)
    Booking.objects.filter(appointment=appointment).update(stands=False)
    save(appointment, "cancellation")
    activity.record(actor, "appointment.cancelled", appointment, after={"reason": reason})
    appointment_changed.send(Appointment, appointment=appointment, actor=actor, change="cancelled")
    return appointment


@transaction.atomic
def restore_appointment(appointment: Appointment, *, actor: Member | None, expected: Expected = None) -> Appointment:
    """Take a cancellation back. Raises NotThere, Stale, NotCancelled, ClientArchived; FieldError for a professional who
    left; DoubleBooked if one is taken by now."""
    now = timezone.now()
    appointment = locked_appointment(appointment.pk, expected=expected)
    if appointment.cancellation_id is None:
        raise NotCancelled
    if appointment.client.is_archived:
        raise ClientArchived
    Cancellation.objects.filter(pk=appointment.cancellation_id).update(undone_by=actor, undone_at=now)
    appointment.cancellation = None
    members = guards.members(appointment.bookings.values_list("member_id", flat=True))
    bookings.keep(appointment, members, now=now)
    save(appointment, "cancellation")
    activity.record(actor, "appointment.restored", appointment)
    appointment_changed.send(Appointment, appointment=appointment, actor=actor, change="restored")
    return appointment


@transaction.atomic
def confirm_appointment(appointment: Appointment, *, actor: Member | None, expected: Expected = None) -> Appointment:
    """The client said yes. One that has begun or is done is confirmed anyway."""
    appointment = _standing(appointment, expected)
    if appointment.status == Status.PENDING:
        _set(appointment, Status.CONFIRMED, actor, "appointment.confirmed")
    return appointment


@transaction.atomic
def start_appointment(
    appointment: Appointment, *, actor: Member | None, at: datetime, expected: Expected = None
) -> Appointment:
    """Under way since `at`. Raises AppointmentFinished."""
    appointment = _standing(appointment, expected)
    if appointment.status in BEFORE:
        _set(appointment, Status.UNDER_WAY, actor, "appointment.started", at=at)
    elif appointment.status != Status.UNDER_WAY:
        raise AppointmentFinished
    return appointment


@transaction.atomic
def complete_appointment(
    appointment: Appointment, *, actor: Member | None, at: datetime, expected: Expected = None
) -> Appointment:
    """Done at `at`; what hangs on that (the receivable) comes with it. Raises AppointmentFinished for a no-show."""
    appointment = _standing(appointment, expected)
    if appointment.status == Status.DONE:
        return appointment
    if appointment.status == Status.NO_SHOW:
        raise AppointmentFinished
    _set(appointment, Status.DONE, actor, "appointment.done", at=at)
    appointment_done.send(Appointment, appointment=appointment, actor=actor)
    return appointment


@transaction.atomic
def mark_no_show(
    appointment: Appointment, *, actor: Member | None, at: datetime, expected: Expected = None
) -> Appointment:
    """Nobody was there, said at `at`. Raises TooEarly before its time, AppointmentFinished when it was done."""
    appointment = _standing(appointment, expected)
    if appointment.status == Status.NO_SHOW:
        return appointment
    if appointment.status == Status.DONE:
        raise AppointmentFinished
    if at < appointment.starts_at:
        raise TooEarly
    _set(appointment, Status.NO_SHOW, actor, "appointment.no_show", at=at)
    return appointment


@transaction.atomic
def reopen_appointment(appointment: Appointment, *, actor: Member | None, expected: Expected = None) -> Appointment:
    """It has not begun after all. Raises NotStarted, and what refuses it above us: a charge that was paid."""
    appointment = _standing(appointment, expected)
    if appointment.status in BEFORE:
        raise NotStarted
    was_done = appointment.status == Status.DONE
    _set(appointment, Status.CONFIRMED, actor, "appointment.reopened")
    if was_done:
        appointment_undone.send(Appointment, appointment=appointment, actor=actor)
    return appointment


def _standing(appointment: Appointment, expected: Expected) -> Appointment:
    appointment = locked_appointment(appointment.pk, expected=expected)
    if appointment.cancellation_id is not None:
        raise AppointmentCancelled
    return appointment


def _set(appointment: Appointment, status: str, actor: Member | None, verb: str, *, at: datetime | None = None) -> None:
    before, appointment.status = appointment.status, status
    appointment.finished_at = at if status in {Status.DONE, Status.NO_SHOW} else None
    save(appointment, "status", "finished_at")
    said = {"at": at} if at else {}
    activity.record(actor, verb, appointment, before={"status": before}, after={"status": status, **said})
