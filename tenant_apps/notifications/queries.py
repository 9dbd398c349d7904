"""What a member has been told, in their words; and what went out to clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.notifications.events import EVENTS
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.rendering import render
from tenant_apps.notifications.texts import MEMBERS
from tenant_apps.notifications.values import written
from tenant_apps.team.models import Member

MOST = 99  # as many are counted
LOOKED_AT = timedelta(days=60)  # what is older is not called unread any more


@dataclass(frozen=True, slots=True)
class Told:
    """A message as its reader sees it. `url` is a path in the app."""

    id: UUID
    event: str
    title: str
    text: str
    url: str
    created_at: datetime
    read_at: datetime | None


def told(member: Member) -> QuerySet[Notification]:
    """What this member was told in the app, newest first."""
    found = Notification.objects.filter(recipient_id=member.pk, channel=Channel.APP)
    return found.filter(event__in=MEMBERS).order_by("-created_at", "-pk")


def unread_count(member: Member, *, now: datetime) -> int:
    """Up to MOST. One statement."""
    recent = Notification.objects.filter(recipient_id=member.pk, channel=Channel.APP, read_at=None)
    return recent.filter(created_at__gt=now - LOOKED_AT)[:MOST].count()


def in_words(rows: Iterable[Notification], *, firm: str) -> list[Told]:
    """In the language and time zone that are active."""
    return [_told(row, firm) for row in rows]


def _told(row: Notification, firm: str) -> Told:
    title, text = MEMBERS[row.event]
    values = written(row.values) | {"firm": firm}
    return Told(
        row.pk, row.event, render(str(title), values), render(str(text), values), row.url, row.created_at, row.read_at
    )


def sent_to_clients() -> QuerySet[Notification]:
    """What went out, or could not, newest first."""
    found = Notification.objects.filter(recipient_type=Notification.Recipient.CLIENT, event__in=EVENTS)
    return found.exclude(channel=Channel.APP).order_by("-pk")
