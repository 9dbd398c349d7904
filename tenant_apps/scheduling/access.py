"""Whose appointment one may act on: everybody their own, who manages the calendar all."""

from __future__ import annotations

from shared_apps.organizations.permissions import Permission, allows
from tenant_apps.scheduling.errors import NotYours
from tenant_apps.scheduling.models import Appointment, Booking
from tenant_apps.team.models import Member


def is_own(appointment: Appointment, member: Member) -> bool:
    return Booking.objects.filter(appointment=appointment, member=member).exists()


def may_report(appointment: Appointment, member: Member) -> bool:
    if allows(member.role, Permission.SCHEDULE_MANAGE):
        return True
    return allows(member.role, Permission.VISITS_REPORT) and is_own(appointment, member)


def require_own(appointment: Appointment, member: Member) -> None:
    """Raises NotYours for a colleague's appointment, unless the member manages the calendar."""
    if not may_report(appointment, member):
        raise NotYours
