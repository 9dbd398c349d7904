"""Doing a thing at a gateway once: the key is stored before the call, the answer after it.

Whoever tries again with the same key is given the first answer. Where the first try's answer never came, the call is
made again with the same key: the gateway, or its adapter by looking for what it made, knows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from billing.gateways.models import OutboundIntent
from shared_apps.core.errors import DomainError
from shared_apps.tenancy import context


class KeyReused(DomainError):
    """A mistake of ours: two different things under one key. Nothing was asked of the gateway."""

    code = "intent_key_reused"


def once(key: str, *, gateway: str, purpose: str, request: Any, call: Callable[[str], Any]) -> Any:
    """Call the gateway with this key and return its answer, or that of the first time.

    `request`: all that makes it this request, as JSON; so is what `call` returns. It is called outside of any
    transaction of ours. Raises KeyReused, or what `call` raises: then nothing is remembered but the key.
    """
    asked = _digest(gateway, purpose, request)
    with context.public():
        intent, _created = OutboundIntent.objects.get_or_create(
            key=key, defaults={"gateway": gateway, "purpose": purpose, "request_hash": asked}
        )
        if intent.request_hash != asked:
            raise KeyReused
        if intent.done_at is not None:
            return intent.result
        answer = call(key)
        OutboundIntent.objects.filter(pk=intent.pk, done_at=None).update(result=answer, done_at=timezone.now())
    return answer


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()
