"""What the platform is told of this firm's calendar: how many visits stood in the month so far."""

from __future__ import annotations

from shared_apps.organizations.figures import Month
from tenant_apps.scheduling.models import Appointment


def visits(month: Month) -> int:
    return Appointment.objects.standing().filter(starts_at__gte=month.start, starts_at__lt=month.end).count()
