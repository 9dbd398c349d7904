"""Locking what is about to change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.db import connection

from tenant_apps.clients.services.locks import locked
from tenant_apps.finance.errors import EntryCancelled
from tenant_apps.finance.models import Entry


def locked_entry(pk: UUID, *, expected: Collection[int] | None = None) -> Entry:
    """The standing entry, locked for this transaction. Raises NotThere, Stale, EntryCancelled."""
    entry = locked(Entry, pk, expected=expected)
    if entry.cancellation_id is not None:
        raise EntryCancelled
    return entry


def alone(name: str) -> None:
    """Wait until nobody else works under this name; held until the transaction ends."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
