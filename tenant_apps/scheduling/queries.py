"""Reading the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from tenant_apps.scheduling.models import Appointment, AppointmentQuerySet, Booking, Line


def with_everything(found: AppointmentQuerySet) -> AppointmentQuerySet:
    """With client, place, professionals and lines: three statements for a whole list."""
    bookings = Booking.objects.select_related("member").order_by("member__name", "member_id")
    lines = Line.objects.select_related("offering", "asset")
    return (
        found.select_related("client", "place", "cancellation")
        .defer("client__search", "client__custom")
        .prefetch_related(Prefetch("bookings", bookings), Prefetch("lines", lines))
    )


def appointments_between(
    start: datetime, end: datetime, *, member_ids: Collection[UUID] | None = None
) -> AppointmentQuerySet:
    """Standing appointments that overlap this time, in order; those of these professionals only, if given."""
    found = Appointment.objects.standing().between(start, end)
    if member_ids is not None:
        found = found.filter(pk__in=Booking.objects.filter(member__in=list(member_ids)).values("appointment"))
    return with_everything(found).order_by("starts_at", "pk")
