"""Taking in: what proved genuine is kept and committed before it is answered. Nothing is worked on here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from billing.gateways.base import Event
from billing.gateways.registry import get_gateway
from billing.webhooks.models import WebhookEvent
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue

LIMIT = 256 * 1024  # bytes of a body


def take_in(gateway: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Keep an event, once; whether it is a new one. `headers`: names in lower case.

    Raises NoGateway, NotGenuine or Unreadable: then nothing was kept.
    """
    event = get_gateway(gateway).read_webhook(body, headers)
    row = _row(gateway, event)
    with context.public():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                if row.state == WebhookEvent.State.PENDING:
                    enqueue("webhooks.work", gateway=gateway, subject=row.subject)
        except IntegrityError:
            return False  # told before: what it asks for is done, or will be
    return True


def _row(gateway: str, event: Event) -> WebhookEvent:
    id = event.id if len(event.id) <= 200 else hashlib.sha256(event.id.encode()).hexdigest()
    # Serial per subject: a subscription, else the purchase that will become one, else a customer.
    subject = event.subscription or event.reference or event.checkout or event.customer or id
    return WebhookEvent(
        gateway=gateway,
        event_id=id,
        kind=event.kind[:80],
        subject=subject[:120],
        payload=event.payload,
        happened_at=event.happened_at,
        subscription_ref=event.subscription[:120],
        reference=event.reference[:120],
        customer_ref=event.customer[:120],
        checkout_ref=event.checkout[:120],
        state=WebhookEvent.State.PENDING if event.matters else WebhookEvent.State.IGNORED,
        effect="" if event.matters else "nothing follows from it",
    )
