"""Working events off once more, whatever became of them. Safe at any time: each fetches the truth of today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from billing.webhooks.models import WebhookEvent
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue

State = WebhookEvent.State


def by_ids(ids: Iterable[UUID]) -> int:
    """Ignored ones too: they may have become ours. How many will be worked off."""
    return _again(WebhookEvent.objects.filter(pk__in=list(ids)))


def by_event_id(event_id: str) -> int:
    """By the gateway's own id."""
    return _again(WebhookEvent.objects.filter(event_id=event_id))


def since(moment: datetime) -> int:
    return _again(WebhookEvent.objects.filter(received_at__gte=moment).exclude(state=State.IGNORED))


def failed() -> int:
    return _again(WebhookEvent.objects.filter(state__in=[State.FAILED, State.DEAD]))


def _again(events: QuerySet[WebhookEvent]) -> int:
    with context.public(), transaction.atomic():
        found = list(events.exclude(state=State.WORKING).select_for_update().values_list("pk", "gateway", "subject"))
        WebhookEvent.objects.filter(pk__in=[pk for pk, _gateway, _subject in found]).update(
            state=State.PENDING, attempts=0, next_try_at=None, error="", effect="", done_at=None
        )
        for gateway, subject in sorted({(gateway, subject) for _pk, gateway, subject in found}):
            enqueue("webhooks.work", gateway=gateway, subject=subject)
    return len(found)
