"""What tells cached entitlements that they are old: a token in the cache for each organization, one for all plans.

Reading them costs nothing extra (`billing.entitlements` asks for all three keys at once). Without a cache nothing is
kept, so there is nothing to forget.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError
from structlog import get_logger

from shared_apps.tenancy import context

logger = get_logger(__name__)
PLANS = "billing:plans:version"
KEPT = 24 * 3600  # seconds; a token that is gone makes what was kept under it old


def key(organization_id: UUID) -> str:
    return f"billing:version:{organization_id}"


def organization_changed(organization_id: UUID) -> None:
    """Its subscription or an override changed: once this transaction commits, nothing kept of it is believed."""
    _forget(key(organization_id))


def plans_changed() -> None:
    """What some plan allows changed."""
    _forget(PLANS)


def _forget(name: str) -> None:
    transaction.on_commit(partial(renew, name))


def renew(name: str) -> str:
    """A new token. Where the cache is away, what was kept dies of age (`billing.entitlements.KEPT`)."""
    token = uuid4().hex
    try:
        with context.public():
            cache.set(name, token, KEPT)
    except RedisError as error:
        logger.warning("entitlements_not_forgotten", key=name, error=str(error))
    return token
