"""Counting what strangers do, so that nobody tries address after address. In the cache, each organization apart."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class TooManyTries(DomainError):
    code = "throttled"
    status = 429
    message = _("Too many tries in a short time. Wait a little and try again.")


def counted(what: str, who: str) -> int:
    """How often `who` did this lately."""
    return int(cache.get(_key(what, who), 0))


def count(what: str, who: str, *, within: int) -> int:
    """Once more; how often it is since the first time, which is forgotten after `within` seconds."""
    key = _key(what, who)
    cache.add(key, 0, within)
    try:
        return int(cache.incr(key))
    except ValueError:  # it was forgotten in between
        cache.add(key, 1, within)
        return 1


def _key(what: str, who: str) -> str:
    return f"count:{what}:{who}"
