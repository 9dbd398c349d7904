"""What a plan limits of this firm's messages: those sent outside of the app."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.organizations import current
from tenant_apps.notifications.models import Channel, Notification


def in_month(organization_id: UUID, now: datetime) -> int:
    """Messages of the local month so far, whatever became of them but those that were never to go out."""
    return _of_month(now).exclude(status__in=[Notification.Status.OVER, Notification.Status.LEFT_OUT]).count()


def left_out(now: datetime) -> int:
    """Messages of the local month that the plan had no room for."""
    return _of_month(now).filter(status=Notification.Status.OVER).count()


def _of_month(now: datetime) -> QuerySet[Notification]:
    first = now.astimezone(current.zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Notification.objects.filter(created_at__gte=first).exclude(channel=Channel.APP)
