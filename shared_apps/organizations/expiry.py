"""What expires in an organization: invitations and sessions. When the first of them can go is kept in the due index."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Q

from shared_apps.organizations.models import Invitation, Organization, RefreshSession
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import NoOrganization, due

PURGE_EXPIRED = "organizations.purge_expired"
HOUR = timedelta(hours=1)


def note(organization_id: UUID, expires_at: datetime) -> None:
    """Something of this organization expires then. Call it in the transaction that writes it."""
    active = context.active()
    if active.organization_id == organization_id:
        due.mark(PURGE_EXPIRED, purge_time(expires_at))
        return
    schema = Organization.objects.values_list("schema_name", flat=True).get(pk=organization_id)
    with context.enter(schema):
        due.mark(PURGE_EXPIRED, purge_time(expires_at))


def purge_time(expires_at: datetime) -> datetime:
    """The full hour after the last access token of an expired session is dead: one visit does for all of that hour."""
    dead = expires_at + timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)
    return dead.replace(minute=0, second=0, microsecond=0) + HOUR


def active_organization() -> UUID:
    """The organization whose job this is. Raises NoOrganization: nobody's rows must not mean everybody's."""
    organization_id = context.active().organization_id
    if organization_id is None:
        raise NoOrganization("No organization is active, or it was entered by the name of its schema alone.")
    return organization_id


def first_expiry() -> datetime | None:
    """When the first of the active organization's invitations and sessions can go."""
    mine = Q(organization=active_organization())
    found = [
        Invitation.objects.filter(mine, accepted_at=None).aggregate(at=Min("expires_at"))["at"],
        RefreshSession.objects.filter(mine).aggregate(at=Min("expires_at"))["at"],
    ]
    earliest = min((at for at in found if at), default=None)
    return purge_time(earliest) if earliest else None
