"""A path whose sending failed is never believed, and the failure is raised."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from tests.tenancy.backend.conftest import EVERY_MODE, ONE, TWO, who
from tests.tenancy.backend.proxy import PORT, Proxy


@pytest.fixture
def proxy(db: None) -> Iterator[Proxy]:
    with tempfile.TemporaryDirectory() as directory:
        proxy = Proxy(Path(directory), connection.settings_dict)
        yield proxy
        proxy.close()


@pytest.fixture(params=EVERY_MODE)
def far(request: pytest.FixtureRequest, proxy: Proxy, connect: Callable[..., DatabaseWrapper]) -> DatabaseWrapper:
    """A connection through the proxy whose statements may take 100 ms."""
    host = str(proxy.directory)
    options = {"options": "-c statement_timeout=100", "host": host, "sslmode": "disable", "gssencmode": "disable"}
    return connect(**request.param, HOST=host, PORT=PORT, OPTIONS=options)


def test_statement_timeout_during_the_set(far: DatabaseWrapper, proxy: Proxy) -> None:
    with context.enter(ONE):
        assert who(far) == ONE
    with context.enter(TWO):
        for _ in range(2):
            proxy.slow = True
            with pytest.raises(OperationalError, match="statement timeout"):
                who(far)
            proxy.slow = False
            assert who(far) == TWO
            with context.enter(ONE):
                assert who(far) == ONE


def test_statement_timeout_during_the_set_inside_a_transaction(far: DatabaseWrapper, proxy: Proxy) -> None:
    with context.enter(ONE):
        assert who(far) == ONE
    with context.enter(TWO):
        with transaction.atomic(using=far.alias):
            proxy.slow = True
            with pytest.raises(OperationalError, match="statement timeout"):
                who(far)
            proxy.slow = False
            with pytest.raises(DatabaseError, match="current transaction is aborted"):
                who(far)
            transaction.set_rollback(True, using=far.alias)
        assert who(far) == TWO


def test_statement_timeout_during_the_set_inside_a_savepoint(far: DatabaseWrapper, proxy: Proxy) -> None:
    with transaction.atomic(using=far.alias):
        with context.enter(ONE):
            assert who(far) == ONE
        with context.enter(TWO):
            proxy.slow = True
            with pytest.raises(OperationalError, match="timeout"), transaction.atomic(using=far.alias):
                who(far)
            proxy.slow = False
            assert who(far) == TWO


def test_the_connection_is_cut_during_the_set(far: DatabaseWrapper, proxy: Proxy) -> None:
    with context.enter(ONE):
        assert who(far) == ONE
    with context.enter(TWO):
        proxy.cutting = True
        with pytest.raises(OperationalError):
            who(far)
        proxy.cutting = False
        far.close_if_unusable_or_obsolete()
        assert who(far) == TWO


def test_a_health_check_that_fails_replaces_the_connection(far: DatabaseWrapper, proxy: Proxy) -> None:
    with context.enter(ONE):
        assert who(far) == ONE
    far.close_if_unusable_or_obsolete()  # the next request: its first statement checks the connection
    for each in proxy._open[1:]:
        each.shutdown(2)
    with context.enter(TWO):
        assert who(far) == TWO


def test_a_health_check_is_not_one_statement_more(far: DatabaseWrapper, proxy: Proxy) -> None:
    with context.enter(ONE):
        assert who(far) == ONE
    for cell in (TWO, ONE):
        far.close_if_unusable_or_obsolete()
        proxy.queries.clear()
        with context.enter(cell):
            assert [who(far), who(far)] == [cell, cell]
        read = b"SELECT name FROM who"
        path = f'search_path = "{cell}", "public"'.encode()
        if far.path_is_local:
            begin = b"BEGIN; SET LOCAL " + path
            assert proxy.queries == [b"SELECT 1", *[begin, read, b"COMMIT"] * 2]
        else:
            assert proxy.queries == [b"SET " + path, read, read]  # plain Django: SELECT 1, then the two
