"""What the provider tells: kept once, answered at once, and then asked about."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.tenancy.jobs import enqueue
from tenant_apps.finance.providers import charges
from tenant_apps.finance.providers.models import ProviderCharge, ProviderEvent


@transaction.atomic
def note_event(body: dict[str, Any]) -> ProviderEvent | None:
    """Keep it and ring the bell; None for what has no identifier. One that was seen but not worked off rings again."""
    event_id = str(body.get("id") or "").replace("\x00", "")
    payment = body.get("payment")
    if not event_id or len(event_id) > 200:
        return None
    named = str(payment.get("id") or "") if isinstance(payment, dict) else ""
    kept = {"kind": _short(body.get("event")), "external_id": _short(named)}
    event, _is_new = ProviderEvent.objects.get_or_create(event_id=event_id, defaults=kept)
    if event.done_at is None:
        enqueue("finance.follow_event", event_id=event.pk)
    return event


def follow_event(event_id: UUID, *, now: datetime) -> None:
    """Ask the provider about the charge it is about. Payments that are none of ours are normal noise."""
    event = ProviderEvent.objects.filter(pk=event_id, done_at=None).first()
    if event is None:
        return
    if event.external_id:
        for charge in ProviderCharge.objects.filter(external_id=event.external_id):
            charges.work_on(charge.pk, now=now)
    ProviderEvent.objects.filter(pk=event_id).update(done_at=now)


def _short(value: Any) -> str:
    return str(value or "").replace("\x00", "")[:80]
