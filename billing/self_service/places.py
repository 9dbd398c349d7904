"""Places in the team: people who work there, and invitations that may still be accepted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.organizations.models import Invitation, Membership, Organization


def taken(organization_id: UUID, now: datetime) -> int:
    people = Membership.objects.filter(organization=organization_id, is_active=True).count()
    return (
        people + Invitation.objects.filter(organization=organization_id, accepted_at=None, expires_at__gt=now).count()
    )


def require_place(organization: Organization) -> None:
    """Raises LimitReached."""
    entitlements.require_room(organization, Feature.MEMBERS)
