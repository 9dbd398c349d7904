"""A member has read what they were told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared_apps.core.errors import NotThere
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.team.models import Member


def mark_read(pk: UUID, *, member: Member, now: datetime) -> Notification:
    """Raises NotThere for what is not this member's. Again is no change."""
    own = Notification.objects.filter(pk=pk, recipient_id=member.pk, channel=Channel.APP)
    own.filter(read_at=None).update(read_at=now)
    found = own.first()
    if found is None:
        raise NotThere
    return found


def mark_all_read(*, member: Member, now: datetime) -> int:
    own = Notification.objects.filter(recipient_id=member.pk, channel=Channel.APP, read_at=None)
    return own.update(read_at=now)
