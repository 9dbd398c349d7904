"""One worker at a time on one schema: advisory locks that also hold behind a transaction pooler.

A lock lives as long as a transaction. Work that spans several transactions holds it on a second connection, so a
process that dies frees it at once, and no lock is left on a server connection that a pooler hands to somebody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shared_apps.tenancy import context


def key(name: str) -> int:
    """A signed 64-bit number for a name, made here: the statement then carries a constant."""
    return int.from_bytes(hashlib.sha256(f"colmeia:{name}".encode()).digest()[:8], "big", signed=True)


def take(name: str, *, using: BaseDatabaseWrapper | None = None) -> None:
    """Wait for the lock; the surrounding transaction holds it to its end."""
    with context.public(), (using or connection).cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key(name)])


def try_take(name: str, *, using: BaseDatabaseWrapper | None = None) -> bool:
    """Take the lock if it is free."""
    with context.public(), (using or connection).cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key(name)])
        return cursor.fetchone()[0]


def alone(name: str) -> None:
    """Wait until nobody else of the active organization works under this name; held until the transaction ends.

    The name is the organization's own: another one that uses the same never waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key(f"{context.active().schema}:{name}")])


@contextmanager
def held(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock over several transactions. Yields False when it is somebody else's and `wait` is off.

    Inside a transaction the transaction itself holds it: a second connection would wait for its own owner.
    """
    if connection.in_atomic_block:
        yield _get(name, wait, connection)
        return
    keeper = connection.copy()
    try:
        with context.public():
            keeper.set_autocommit(False)
        yield _get(name, wait, keeper)
    finally:
        keeper.close()


def _get(name: str, wait: bool, using: BaseDatabaseWrapper) -> bool:
    if not wait:
        return try_take(name, using=using)
    take(name, using=using)
    return True
