"""Two cells (schemas) with a row each, committed, and database connections of the tests' own to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, models
from django.test.utils import isolate_apps

from shared_apps.tenancy.backend.base import DatabaseWrapper
from tests.tenancy.backend import bouncer

ONE, TWO = "cell_one", "cell_two"
CELL = """
    DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0};
    CREATE TABLE {0}.who (name text PRIMARY KEY); INSERT INTO {0}.who VALUES ('{0}');
    CREATE TABLE {0}.note (text text);
    CREATE TABLE {0}.checked (name text REFERENCES {0}.who DEFERRABLE INITIALLY DEFERRED);
"""
SESSION: dict[str, Any] = {}
UNREPORTED = {"PATH_REPORTS": False}  # stands for PostgreSQL 15 to 17, which do not report their search_path
TRANSACTION = {"PATH_MODE": "transaction", "DISABLE_SERVER_SIDE_CURSORS": True}
EVERY_MODE = [
    pytest.param(SESSION, id="session"),
    pytest.param(UNREPORTED, id="session-unreported"),
    pytest.param(TRANSACTION, id="transaction"),
    pytest.param({**TRANSACTION, **UNREPORTED}, id="transaction-unreported"),
]

with isolate_apps("shared_apps.tenancy"):

    class Who(models.Model):
        """The cells' table, for the ORM."""

        name = models.TextField(primary_key=True)

        class Meta:
            app_label = "tenancy"
            managed = False
            db_table = "who"

        def __str__(self) -> str:
            return self.name


def plain() -> psycopg.Connection:
    """A connection past the engine, to look and to disturb."""
    parameters = connections["default"].get_connection_params()
    del parameters["cursor_factory"]
    return psycopg.connect(**parameters, autocommit=True)


@pytest.fixture(scope="session")
def cells(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), closing(plain()) as there:
        for cell in (ONE, TWO):
            there.execute(CELL.format(cell))


@pytest.fixture
def connect(db: None, cells: None, django_db_blocker: Any) -> Iterator[Callable[..., DatabaseWrapper]]:
    """`connect(alias, **settings)`: a new Django connection to the test database, closed at the end of the test."""
    with django_db_blocker.unblock(), ExitStack() as stack:

        def new(alias: str = "own", **settings: Any) -> DatabaseWrapper:
            stack.enter_context(registered(alias, settings))
            wrapper = connections[alias]
            assert isinstance(wrapper, DatabaseWrapper)
            stack.callback(wrapper.close)
            return wrapper

        yield new


@contextmanager
def registered(alias: str, settings: dict[str, Any]) -> Iterator[None]:
    """A DATABASES entry more, as long as the block runs."""
    options = {**connection.settings_dict["OPTIONS"], **settings.pop("OPTIONS", {})}
    connections.settings[alias] = {**connection.settings_dict, "OPTIONS": options, **settings}
    try:
        yield
    finally:
        if hasattr(connections._connections, alias):
            del connections[alias]
        del connections.settings[alias]


THROUGH_PGBOUNCER = pytest.param(
    None,
    id="pgbouncer",
    marks=[pytest.mark.pgbouncer, pytest.mark.skipif(bouncer.binary() is None, reason="pgbouncer is not installed")],
)


@pytest.fixture(scope="session")
def through_pgbouncer(cells: None) -> Iterator[dict[str, Any]]:
    with bouncer.pgbouncer(connection.settings_dict, servers=2) as through:
        yield through


@pytest.fixture(params=[*EVERY_MODE, THROUGH_PGBOUNCER])
def own(request: pytest.FixtureRequest, connect: Callable[..., DatabaseWrapper]) -> DatabaseWrapper:
    mode = request.param
    return connect(**({**TRANSACTION, **request.getfixturevalue("through_pgbouncer")} if mode is None else mode))


def who(wrapper: DatabaseWrapper) -> str:
    """The name of the cell whose table the connection reads."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT name FROM who")
        return cursor.fetchone()[0]
