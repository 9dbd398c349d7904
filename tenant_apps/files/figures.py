"""What the platform is told of this firm's files: how much room they take, those in the trash too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from shared_apps.organizations.figures import Month
from tenant_apps.files.models import Attachment


def bytes_stored(month: Month) -> int:
    return Attachment.objects.aggregate(sum=Sum("size"))["sum"] or 0


def in_use(organization_id: UUID, now: datetime) -> int:
    """Bytes, which a plan limits in megabytes."""
    return Attachment.objects.aggregate(sum=Sum("size"))["sum"] or 0
