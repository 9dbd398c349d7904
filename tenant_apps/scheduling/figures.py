"""What the platform is told of this firm's calendar: how many visits stood in the month so far."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dateutil.relativedelta import relativedelta

from shared_apps.organizations import current
from shared_apps.organizations.figures import Month
from tenant_apps.scheduling.models import Appointment


def visits(month: Month) -> int:
    return Appointment.objects.standing().filter(starts_at__gte=month.start, starts_at__lt=month.end).count()


def in_month(organization_id: UUID, now: datetime) -> int:
    """Visits that stand in the local month of `now`: what a plan limits."""
    first = now.astimezone(current.zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    standing = Appointment.objects.standing().filter(
        starts_at__gte=first, starts_at__lt=first + relativedelta(months=1)
    )
    return standing.count()
