"""The professionals' times that an appointment takes: kept in step with it, and refused where somebody is taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from shared_apps.organizations import current
from tenant_apps.scheduling import availability, local
from tenant_apps.scheduling.errors import DoubleBooked, NotWorking
from tenant_apps.scheduling.models import Appointment, Booking
from tenant_apps.team.models import Member

CONSTRAINT = "scheduling_no_double_booking"
MOST_NAMED = 20


def refuse_not_working(
    members: Sequence[Member],
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    besides: Appointment | None = None,
) -> None:
    """Raises NotWorking with what stands against it: a holiday, a day off, the hours."""
    ids = [member.pk for member in members]
    plan = availability.Plan(ids, local.day_of(starts_at), local.day_of(ends_at))
    reasons = plan.reasons_against(starts_at, ends_at, {member.pk: str(member) for member in members})
    if reasons:
        kept = [besides.pk] if besides else []
        raise NotWorking(
            reasons, alternatives=availability.nearest(ids, start=starts_at, end=ends_at, now=now, besides=kept)
        )


def keep(appointment: Appointment, members: Sequence[Member], *, now: datetime) -> None:
    """Make the appointment's bookings those of these members, who are locked, at its times.

    Raises DoubleBooked. We look first, because then we can say what is in the way; the constraint decides.
    """
    collisions = colliding(appointment, members)
    if collisions:
        raise double_booked(appointment, members, collisions, now=now)
    Booking.objects.filter(appointment=appointment).exclude(member__in=[member.pk for member in members]).delete()
    kept = {row.member_id: row for row in Booking.objects.filter(appointment=appointment)}
    stands = appointment.cancellation_id is None
    try:
        with transaction.atomic():
            Booking.objects.filter(pk__in=[row.pk for row in kept.values()]).update(
                starts_at=appointment.starts_at, ends_at=appointment.ends_at, stands=stands
            )
            Booking.objects.bulk_create(
                Booking(
                    appointment=appointment,
                    member=member,
                    starts_at=appointment.starts_at,
                    ends_at=appointment.ends_at,
                    stands=stands,
                )
                for member in members
                if member.pk not in kept
            )
    except IntegrityError as error:
        if CONSTRAINT in str(error):
            raise double_booked(appointment, members, colliding(appointment, members), now=now) from error
        raise


def colliding(appointment: Appointment, members: Sequence[Member]) -> list[Booking]:
    """What already takes these members' time, with the clients it is for."""
    if not members:
        return []
    found = Booking.objects.filter(
        member__in=[member.pk for member in members],
        stands=True,
        starts_at__lt=appointment.ends_at,
        ends_at__gt=appointment.starts_at,
    )
    found = found.exclude(appointment=appointment.pk).select_related("appointment__client", "member")
    return list(found.defer("appointment__client__search").order_by("starts_at", "pk")[:MOST_NAMED])


def double_booked(
    appointment: Appointment, members: Sequence[Member], collisions: Sequence[Booking], *, now: datetime
) -> DoubleBooked:
    ids = [member.pk for member in members]
    nearest = availability.nearest(
        ids, start=appointment.starts_at, end=appointment.ends_at, now=now, besides=[appointment.pk]
    )
    message = " ".join(told(booking) for booking in collisions[:3]) or None
    return DoubleBooked(message, collisions=[described(one) for one in collisions], alternatives=nearest)


def told(booking: Booking) -> str:
    """A collision in a sentence."""
    where = current.zone()
    start, end = booking.starts_at.astimezone(where), booking.ends_at.astimezone(where)
    return _("%(member)s is with %(client)s on %(day)s from %(start)s to %(end)s.") % {
        "member": booking.member,
        "client": booking.appointment.client.name,
        "day": formats.date_format(start, "SHORT_DATE_FORMAT"),
        "start": formats.time_format(start, "H:i"),
        "end": formats.time_format(end, "H:i"),
    }


def described(booking: Booking) -> dict[str, Any]:
    where = current.zone()
    return {
        "appointment": str(booking.appointment_id),
        "client": booking.appointment.client.name,
        "member": str(booking.member_id),
        "member_name": str(booking.member),
        "starts_at": booking.starts_at.astimezone(where).isoformat(),
        "ends_at": booking.ends_at.astimezone(where).isoformat(),
    }
