"""THE door to feature flags: `allowed("new-calendar")` says whether the active organization has it.

An organization's own choice counts first, then the percentage: each has a fixed place from 0 to 99 for each flag, so
that raising the percentage takes nobody's away. A flag that nobody made is off. All flags are one entry in the cache;
without a cache they are read from the database.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError
from structlog import get_logger

from shared_apps.console.models import FeatureFlag
from shared_apps.tenancy import context, routing

logger = get_logger(__name__)
KEY = "console:flags"
KEPT = 300  # seconds
Flags = dict[str, dict[str, Any]]


def allowed(flag: str, organization_id: UUID | None = None) -> bool:
    """Of the active organization unless another is named. Where none is active: what everybody has."""
    known = _all().get(flag)
    if known is None:
        return False
    organization_id = organization_id or _active()
    if organization_id is None:
        return bool(known["percent"] >= 100)
    chosen = known["choices"].get(str(organization_id))
    return bool(chosen) if chosen is not None else place(flag, organization_id) < known["percent"]


def place(flag: str, organization_id: UUID) -> int:
    """From 0 to 99, the same at every look."""
    digest = hashlib.sha256(f"{flag}:{organization_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100


def changed() -> None:
    """Some flag was edited: once this transaction commits, it is read anew."""
    transaction.on_commit(_forget)


def _active() -> UUID | None:
    route = routing.of_active() if context.active_or_none() else None
    return route.organization_id if route else None


def _all() -> Flags:
    with context.public():
        try:
            known: Flags | None = cache.get(KEY)
            if known is None:
                known = _read()
                cache.set(KEY, known, KEPT)
        except RedisError as error:
            logger.warning("flags_without_cache", error=str(error))
            known = _read()
    return known


def _read() -> Flags:
    flags = FeatureFlag.objects.prefetch_related("choices")
    return {
        flag.name: {
            "percent": flag.percent,
            "choices": {str(choice.organization_id): choice.is_on for choice in flag.choices.all()},
        }
        for flag in flags
    }


def _forget() -> None:
    with context.public():
        try:
            cache.delete(KEY)
        except RedisError as error:
            logger.warning("flags_not_forgotten", error=str(error))
