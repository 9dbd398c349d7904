"""What the platform is told of this firm's clients: how many there are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared_apps.organizations.figures import Month
from tenant_apps.clients.models import Client


def standing_clients(month: Month) -> int:
    return Client.objects.standing().count()


def in_use(organization_id: UUID, now: datetime) -> int:
    """What a plan limits."""
    return Client.objects.standing().count()
