"""A search path that cannot lie: django-tenants' PostgreSQL backend with a guard on every statement.

The guard compares the path the connection is known to have with the one the active schema needs and sends it only
when they differ. What is known is forgotten after everything that can change it behind our back: a rollback, a
savepoint's rollback, a failed commit, a new connection, an error while sending. PostgreSQL undoes a SET with the
transaction it was sent in, so trusting it any longer would run the next statement in another organization's schema.

PostgreSQL 18 reports every change of `search_path` to the client. Where it does, the report is believed over our own
book-keeping, at no cost on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql.base import Cursor
from django.utils.asyncio import async_unsafe
from django_tenants.postgresql_backend import base as django_tenants
from psycopg.pq import TransactionStatus

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.introspection import Introspection
from shared_apps.tenancy.context import Active


class GuardedCursor(Cursor):
    """A cursor that has the right path put in place before each statement."""

    wrapper: DatabaseWrapper | None = None

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        if self.wrapper is None:
            return super().execute(*args, **kwargs)
        with self.wrapper.guarded():
            return super().execute(*args, **kwargs)

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        if self.wrapper is None:
            return super().executemany(*args, **kwargs)
        with self.wrapper.guarded():
            return super().executemany(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        if self.wrapper is not None:
            self.wrapper.ensure_path()
        return super().copy(*args, **kwargs)


class DatabaseWrapper(django_tenants.DatabaseWrapper):
    """Reads the active schema from the ContextVar; django-tenants' own setters write to it."""

    _ready = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known_path: str | None = None
        self._reported: str | None = None
        self._unguarded = False
        self._touched: set[str] = set()
        self.path_statements = 0  # how many SETs tenancy has cost this connection; benchmarks and tests read it
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)
        self._local = settings.TENANCY_PATH_MODE == "transaction"
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
    def tenant(self) -> Any:
        current = context.active_or_none()
        return django_tenants.FakeTenant(current.schema) if current else None

    @tenant.setter
    def tenant(self, value: object) -> None:
        """See schema_name."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        if self._ready:  # the constructor calls it too; a new connection must not choose a schema for anybody
            django_tenants._check_schema_name(tenant.schema_name)
            context.choose(Active(tenant.schema_name, None, include_public))

    # -- the guard -----------------------------------------------------------------------------------------------

    def ensure_path(self) -> None:
        """Put the active schema's path in place. Raises NoSchemaChosen, or whatever the database says to the SET."""
        if self._unguarded:
            return
        current = context.active()
        path = search_path(current)
        connection = self.connection
        if path == self._known_path and (self._local or self._report() == self._reported):
            return
        self._known_path = None
        if connection.info.transaction_status == TransactionStatus.INERROR:
            return  # aborted: the statement to come fails whatever the path is
        connection.execute(f"SET {'LOCAL ' if self._local else ''}search_path = {path}")
        self.path_statements += 1
        self._touched.add(current.schema)
        self._reported = self._report()
        self._known_path = path

    def _report(self) -> str | None:
        return self.connection.info.parameter_status("search_path")

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Run one statement under the right path; with SET LOCAL a lone statement gets a transaction of its own."""
        if self._local and not self._unguarded and self.connection.autocommit:
            if self.connection.info.transaction_status == TransactionStatus.IDLE:
                try:
                    with self.connection.transaction():
                        self.ensure_path()
                        yield
                finally:
                    self._known_path = None
                return
        self.ensure_path()
        yield

    def forget_path(self) -> None:
        self._known_path = None

    def create_cursor(self, name: str | None = None) -> Any:
        if name:  # a server-side cursor runs exactly one statement, at once
            self.ensure_path()
            return super().create_cursor(name)
        cursor = super().create_cursor()
        cursor.wrapper = self
        return cursor

    def _cursor(self, name: str | None = None) -> Any:
        # past django-tenants' own _cursor, which would send the path here, swallow errors and believe in it
        return super(django_tenants.DatabaseWrapper, self)._cursor(name)

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": GuardedCursor}

    # -- everything that makes the known path doubtful --------------------------------------------------------------

    @async_unsafe
    def connect(self) -> None:
        self._known_path = None
        self._touched = set()
        super().connect()

    def close(self) -> None:
        self._known_path = None
        super().close()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._known_path = None

    def _commit(self) -> None:
        try:
            super()._commit()
        except BaseException:
            self._known_path = None  # a commit that fails is a rollback
            raise
        if self._local:
            self._known_path = None

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
        self._unguarded = True
        try:
            yield
        finally:
            self._unguarded = False

    # -- bounded backend memory --------------------------------------------------------------------------------------

    def close_if_unusable_or_obsolete(self) -> None:
        """Also close a connection whose backend has cached the catalogue of too many schemas (0.3 MB each, for ever)."""
        if (
            self.connection is not None
            and not self.in_atomic_block
            and len(self._touched) > settings.TENANCY_SCHEMAS_PER_CONNECTION
        ):
            self.close()
            return
        super().close_if_unusable_or_obsolete()


def search_path(current: Active) -> str:
    """The quoted search path of what is active."""
    schema = '"' + current.schema.replace('"', '""') + '"'
    return schema if current.is_public or not current.with_public else f'{schema}, "{context.PUBLIC}"'
