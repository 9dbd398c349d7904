"""`Idempotency-Key` on POST: sent twice, done once.

The answer is stored in the transaction of the effect, so both are there or neither is. Only successes are stored: a
refused request left nothing behind and may be sent again under its key. While one request works under a key, another
gets 409 `request_in_progress` at once (an advisory lock of the transaction, which no crash leaves behind).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import orjson
from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from shared_apps.tenancy import context, locks
from shared_apps.tenancy.context import NoSchemaChosen
from shared_apps.web.api.errors import IdempotencyKeyReused, InvalidParameter, RequestInProgress
from shared_apps.web.models import IdempotencyKey

KEPT = timedelta(days=1)
_HEADERS = ("Location", "ETag", "Content-Type")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def idempotent(view: View) -> View:
    """For a DRF method that answers a POST with an HttpResponse (see `json_response`)."""

    @wraps(view)
    def once(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > 200 or not (key.isascii() and key.isprintable()):
            raise InvalidParameter("Idempotency-Key", _("Up to 200 printable ASCII characters."), "invalid_key")
        organization = context.active().organization_id
        if organization is None:
            raise NoSchemaChosen  # a view outside an organization must not take keys
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            _lock(f"idempotency:{organization}:{key}")
            kept = IdempotencyKey.objects.filter(organization_id=organization, key=key).first()
            if kept is not None and kept.created_at > timezone.now() - KEPT:
                return _replay(kept, fingerprint)
            if kept is not None:
                kept.delete()
            response = view(self, request, *args, **kwargs)
            IdempotencyKey.objects.create(
                organization_id=organization,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                headers={name: response[name] for name in _HEADERS if name in response},
                body=response.content,  # type: ignore[attr-defined]
            )
        return response

    once.takes_idempotency_key = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def purge_idempotency_keys() -> int:
    """Forget the answers that are older than a day. Returns how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _fingerprint(request: Request) -> str:
    asked = [str(request.user.pk), request.method, request.get_full_path(), request.data]
    return hashlib.sha256(orjson.dumps(asked, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _lock(name: str) -> None:
    """Take the name for this transaction. Raises RequestInProgress when another one holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.key(name)])
        if not cursor.fetchone()[0]:
            raise RequestInProgress(retry_after=1)


def _replay(kept: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)
