"""How far a task is, for those who watch; and whether they still want it."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache

from tenant_apps.transfers.models import Import

HOUR = 3600


class Cancelled(Exception):
    """Somebody took the import out of the state in which the task works on it."""


def tell(source: Import, done: int) -> None:
    """Tell the watchers, past the transaction that the task is in. Raises Cancelled."""
    cache.set(_key(source.pk), done, HOUR)
    if not Import.objects.filter(pk=source.pk, state=source.state).exists():
        raise Cancelled


def clear(source: Import) -> None:
    cache.delete(_key(source.pk))


def progress_of(source: Import) -> int:
    """Rows done so far."""
    return int(cache.get(_key(source.pk), 0))


def _key(pk: UUID) -> str:
    return f"transfers.progress.{pk}"
