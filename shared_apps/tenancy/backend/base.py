"""A search path that cannot lie: django-tenants' PostgreSQL backend with a guard on every statement.

The guard compares the path the connection is known to have with the one the active schema needs and sends it only
when they differ. What is known is forgotten after everything that can change it behind our back: a rollback, a
savepoint's rollback, a failed commit, a new connection, an error while sending. PostgreSQL undoes a SET with the
transaction it was sent in, so trusting it any longer would run the next statement in another organization's schema.

PostgreSQL 18 reports every change of `search_path` to the client. Where it does, what it reports must also be what it
reported when the path was sent, at no cost on the wire. Older servers do not; there the statements that may move the
path are recognised by their command tags (cursor.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.utils.asyncio import async_unsafe
from django_tenants.postgresql_backend import base as django_tenants
from psycopg.pq import TransactionStatus

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.cursor import GuardedCursor, GuardedServerSideCursor, may_have_moved_the_path
from shared_apps.tenancy.backend.introspection import Introspection
from shared_apps.tenancy.context import Active, NoSchemaChosen

PATH_MODES = ("session", "transaction")
IDLE, INERROR = TransactionStatus.IDLE, TransactionStatus.INERROR

# Schemas that each server process behind a psycopg connection has touched; survives the connection's stays in a pool.
_touched: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()


class ActiveTenant(django_tenants.FakeTenant):
    """What django-tenants reads as `connection.tenant` and hands back to restore it: nothing chosen included."""

    def __init__(self, active: Active | None) -> None:
        super().__init__(active.schema if active else None)
        self.active = active


class DatabaseWrapper(django_tenants.DatabaseWrapper):
    """Reads the active schema from the ContextVar; django-tenants' own setters write to it.

    Two keys of the DATABASES entry, both optional: PATH_MODE ("session" or "transaction", default
    settings.TENANCY_PATH_MODE) and PATH_REPORTS (False: do not listen to the server's reports of its path).
    """

    _ready = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known_path: str | None = None
        self._reported: bytes | None = None
        self._unguarded = False
        self.path_is_reported = False
        self.path_statements = 0  # how many SETs tenancy has cost this connection; benchmarks and tests read it
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)
        mode = self.settings_dict.get("PATH_MODE", settings.TENANCY_PATH_MODE)
        if mode not in PATH_MODES:
            raise ImproperlyConfigured(f"TENANCY_PATH_MODE is {mode!r}; it must be one of {', '.join(PATH_MODES)}.")
        self.path_is_local = mode == "transaction"
        self._listens = self.settings_dict.get("PATH_REPORTS", True)
        self._unguarded = self.alias == NO_DB_ALIAS  # CREATE DATABASE and the like, from the `postgres` database
        self._ready = True

    # -- what is active ------------------------------------------------------------------------------------------

    @property
    def schema_name(self) -> str | None:
        current = context.active_or_none()
        return current.schema if current else None

    @schema_name.setter
    def schema_name(self, value: object) -> None:
        """django-tenants' constructor assigns it; the ContextVar alone decides."""

    @property
    def tenant(self) -> ActiveTenant:
        return ActiveTenant(context.active_or_none())

    @tenant.setter
    def tenant(self, value: object) -> None:
        """See schema_name."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        if not self._ready:  # the constructor calls it too; a new connection must not choose a schema for anybody
            return
        if isinstance(tenant, ActiveTenant):
            context.choose(tenant.active)
        else:
            context.choose(Active(tenant.schema_name, None, include_public))

    # -- the guard -----------------------------------------------------------------------------------------------

    def ensure_path(self) -> None:
        """Put the active schema's path in place. Raises NoSchemaChosen, or whatever the database says to the SET."""
        if self._unguarded:
            return
        current = context.active_or_none()
        if current is None:
            raise NoSchemaChosen
        if current.path != self._known_path or (
            self.path_is_reported and self.connection.pgconn.parameter_status(b"search_path") != self._reported
        ):
            self._send_path(current)

    def _send_path(self, current: Active) -> None:
        connection = self.connection
        self._known_path = None
        if connection.pgconn.transaction_status == INERROR:
            return  # aborted: the statement to come fails whatever the path is
        connection.execute(f"SET {'LOCAL ' if self.path_is_local else ''}search_path = {current.path}")
        self._believe(current)

    def _believe(self, current: Active) -> None:
        """The server has accepted the path."""
        self.path_statements += 1
        _touched.setdefault(self.connection, set()).add(current.schema)
        self._reported = self.connection.pgconn.parameter_status(b"search_path") if self._listens else None
        self.path_is_reported = self._reported is not None
        self._known_path = current.path

    @contextmanager
    def lone_transaction(self) -> Iterator[None]:
        """Run one statement under the right path; with SET LOCAL, one outside a transaction gets its own.

        The BEGIN and the SET LOCAL travel together. A statement that PostgreSQL refuses inside a transaction (VACUUM,
        CREATE INDEX CONCURRENTLY) needs a connection in session mode.
        """
        if self._unguarded or not self.path_is_local or self.connection.pgconn.transaction_status != IDLE:
            self.ensure_path()
            yield
            return
        self._known_path = None  # SET LOCAL ended with the transaction before
        if not self.connection.autocommit:
            self.ensure_path()
            yield
            return
        current, connection = context.active(), self.connection
        try:
            connection.execute(f"BEGIN; SET LOCAL search_path = {current.path}")
            self._believe(current)
            yield
            connection.execute("COMMIT")
        except BaseException:
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            if connection.pgconn.transaction_status != IDLE:
                connection.close()
            raise
        finally:
            self._known_path = None

    @contextmanager
    def watching(self, cursor: GuardedCursor, query: Any) -> Iterator[None]:
        """Forget the path after a statement that failed or may have moved it, where the server does not report it."""
        if self.path_is_reported:
            yield
            return
        try:
            yield
        except BaseException:
            self._known_path = None
            raise
        if may_have_moved_the_path(query, cursor.statusmessage):
            self._known_path = None

    def create_cursor(self, name: str | None = None) -> Any:
        if not name:
            cursor = super().create_cursor()
            cursor.wrapper = self
            return cursor
        autocommit = self.connection.autocommit
        named = GuardedServerSideCursor(self.connection, name=name, scrollable=False, withhold=autocommit)
        named.wrapper = self
        return named

    def _cursor(self, name: str | None = None) -> Any:
        # past django-tenants' own _cursor, which would send the path here, swallow errors and believe in it
        return super(django_tenants.DatabaseWrapper, self)._cursor(name)

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": GuardedCursor}

    def is_usable(self) -> bool:
        """The health check Django makes before a request's first statement: sending the path proves as much.

        So a request on a persistent connection costs as many statements as without tenancy.
        """
        current = context.active_or_none()
        if (
            self.connection is None
            or self._unguarded
            or self.path_is_local
            or current is None
            or current.path == self._known_path
            or self.connection.pgconn.transaction_status != IDLE
        ):
            return super().is_usable()
        try:
            self._send_path(current)
        except psycopg.Error:
            return False
        return True

    # -- everything that makes the known path doubtful --------------------------------------------------------------

    @async_unsafe
    def connect(self) -> None:
        self._known_path = None
        super().connect()

    def _close(self) -> None:
        self._known_path = None
        if self.connection is not None and self.pool and self.has_touched_too_many():
            self.connection.close()  # the pool replaces a closed connection by a fresh one
        super()._close()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._known_path = None

    def _commit(self) -> None:
        if self.path_is_local or (self.connection and self.connection.pgconn.transaction_status == INERROR):
            self._known_path = None  # COMMIT of an aborted transaction rolls back, and says so to nobody
        try:
            super()._commit()
        except BaseException:
            self._known_path = None  # a commit that fails is a rollback
            raise

    def _savepoint(self, sid: str) -> None:
        with self._bypassed():
            super()._savepoint(sid)

    def _savepoint_commit(self, sid: str) -> None:
        with self._bypassed():
            super()._savepoint_commit(sid)

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            with self._bypassed():
                super()._savepoint_rollback(sid)
        finally:
            self._known_path = None

    @contextmanager
    def _bypassed(self) -> Iterator[None]:
        """Savepoint commands name no table and must also work in an aborted transaction."""
        before, self._unguarded = self._unguarded, True
        try:
            yield
        finally:
            self._unguarded = before

    # -- bounded backend memory --------------------------------------------------------------------------------------

    def has_touched_too_many(self) -> bool:
        """Whether the server process behind has cached the catalogue of too many schemas (0.3 MB each, for ever)."""
        return len(_touched.get(self.connection, ())) > settings.TENANCY_SCHEMAS_PER_CONNECTION

    def close_if_unusable_or_obsolete(self) -> None:
        """At the end of each request and job: also close a connection that has touched too many schemas."""
        if self.connection is not None and self.has_touched_too_many():
            self.close()
        else:
            super().close_if_unusable_or_obsolete()
