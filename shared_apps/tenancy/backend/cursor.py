"""Cursors that have the right search path put in place before each statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:  # what they are with psycopg 3; Django's stubs do not say
    from psycopg import ClientCursor as Cursor
    from psycopg import ServerCursor as ServerSideCursor

    from shared_apps.tenancy.backend.base import DatabaseWrapper
else:
    from django.db.backends.postgresql.base import Cursor, ServerSideCursor

# Command tags after which a path set earlier may be gone. ROLLBACK is also what ROLLBACK TO SAVEPOINT answers.
MOVING_TAGS = frozenset({"SET", "RESET", "DISCARD", "DISCARD ALL", "ROLLBACK", "COMMIT", "CALL", "DO"})


def may_have_moved_the_path(query: Any, tag: str | None) -> bool:
    """Whether a statement may have changed `search_path`, judged from outside (PostgreSQL 15 to 17 do not say)."""
    return tag in MOVING_TAGS or not isinstance(query, str) or ";" in query or "set_config" in query


class GuardedCursor(Cursor):
    """The client-side cursor of everyday. Without a wrapper (psycopg's and Django's own housekeeping) it is plain."""

    wrapper: DatabaseWrapper | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        wrapper = self.wrapper
        if wrapper is None:
            return super().execute(query, params, **options)
        if wrapper.connection is not self._conn:
            raise stale()
        if wrapper.path_is_local:
            with wrapper.lone_transaction(), wrapper.watching(self, query):
                return super().execute(query, params, **options)
        wrapper.ensure_path()
        if wrapper.path_is_reported:  # the hot way: nothing more to do
            return super().execute(query, params, **options)
        with wrapper.watching(self, query):
            return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        with self._guarded(query):
            super().executemany(query, params_seq, **options)

    @contextmanager
    def copy(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        with self._guarded(args[0] if args else None), super().copy(*args, **kwargs) as copy:
            yield copy

    def stream(self, query: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        with self._guarded(query):
            yield from super().stream(query, *args, **kwargs)

    @contextmanager
    def _guarded(self, query: Any) -> Iterator[None]:
        wrapper = self.wrapper
        if wrapper is None:
            yield
            return
        if wrapper.connection is not self._conn:
            raise stale()
        with wrapper.lone_transaction(), wrapper.watching(self, query):
            yield


class GuardedServerSideCursor(ServerSideCursor):
    """A named cursor: its one statement is guarded, its fetches need no path."""

    wrapper: DatabaseWrapper

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if self.wrapper.connection is not self._conn:
            raise stale()
        with self.wrapper.lone_transaction():
            return super().execute(query, params, **options)


def stale() -> psycopg.InterfaceError:
    """With a pool the cursor's connection may already serve somebody else."""
    return psycopg.InterfaceError("the connection of this cursor was closed or given back")
