"""Locking what is about to change."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from tenant_apps.clients.services.locks import locked
from tenant_apps.finance.errors import EntryCancelled
from tenant_apps.finance.models import Entry


def locked_entry(pk: UUID, *, expected: Collection[int] | None = None) -> Entry:
    """The standing entry, locked for this transaction. Raises NotThere, Stale, EntryCancelled."""
    entry = locked(Entry, pk, expected=expected)
    if entry.cancellation_id is not None:
        raise EntryCancelled
    return entry
