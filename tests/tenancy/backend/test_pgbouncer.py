"""Isolation through a transaction pooler: every transaction may land on a server connection that served another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from tenant_apps.team.models import Member
from tests.tenancy.backend import bouncer
from tests.tenancy.backend.conftest import ONE, TRANSACTION, TWO, Who, who
from tests.tenancy.backend.test_threads import close_in

pytestmark = [
    pytest.mark.pgbouncer,
    pytest.mark.skipif(bouncer.binary() is None, reason="pgbouncer is not installed"),
]


@pytest.fixture(params=[1, 2], ids=["one server connection", "two"])
def own(request: pytest.FixtureRequest, connect: Callable[..., DatabaseWrapper]) -> Iterator[DatabaseWrapper]:
    with bouncer.pgbouncer(connection.settings_dict, servers=request.param) as through:
        wrapper = connect(**TRANSACTION, **through)
        yield wrapper
        wrapper.close()


def test_nothing_is_left_on_the_shared_connection(own: DatabaseWrapper) -> None:
    """Two clients take turns, statement by statement."""
    other = own.copy()
    try:
        for _ in range(20):
            for wrapper, cell in ((own, ONE), (other, TWO)):
                with context.enter(cell):
                    assert who(wrapper) == cell
        with own.cursor() as cursor, context.activate(None):
            bare = cursor.cursor
            bare.wrapper = None  # what is there when nobody sends a path
            bare.execute("SHOW search_path")
            assert bare.fetchone() == ('"$user", public',)
    finally:
        other.close()


def test_threads_over_two_organizations(own: DatabaseWrapper) -> None:
    def work(number: int) -> bool:
        cell = (ONE, TWO)[number % 2]
        mine: Any = connections["own"]
        with context.enter(cell):
            found = [who(mine)]
            with transaction.atomic(using="own"):
                found += [who(mine), Who.objects.using("own").get().name]
                try:
                    with transaction.atomic(using="own"), context.enter((TWO, ONE)[number % 2]):
                        who(mine)
                        raise LookupError
                except LookupError:
                    found.append(who(mine))
            with mine.cursor() as cursor:
                cursor.executemany("INSERT INTO note VALUES (%s)", [[cell], [cell]])
            found += [who(mine), *[row.name for row in Who.objects.using("own").iterator()]]
        return set(found) == {cell}

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(200)))
        close_in(threads, 4)
    for cell in (ONE, TWO):
        with context.enter(cell), own.cursor() as cursor:
            cursor.execute("SELECT array_agg(DISTINCT text), count(*) FROM note")
            assert cursor.fetchone() == ([cell], 200)
            cursor.execute("DELETE FROM note")


def test_the_organizations_of_the_cast(own: DatabaseWrapper, acme: Organization, globex: Organization) -> None:
    for _ in range(3):
        for organization, names in ((acme, {"Alice", "Bob"}), (globex, {"Carol"})):
            with context.enter(organization.schema_name):
                assert set(Member.objects.using("own").values_list("name", flat=True)) == names


def test_a_failing_statement_leaves_nothing_open(own: DatabaseWrapper) -> None:
    for cell in (ONE, TWO):
        with context.enter(cell), own.cursor() as cursor:
            with pytest.raises(Exception, match="division by zero"):
                cursor.execute("SELECT 1/0")
            assert who(own) == cell


def test_session_mode_would_leak_here(connect: Callable[..., DatabaseWrapper]) -> None:
    """Why the other mode exists: two clients on one server connection overwrite each other's path."""
    with bouncer.pgbouncer(connection.settings_dict, servers=1) as through:
        first, second = connect("first", PATH_REPORTS=False, **through), connect("second", **through)
        with context.enter(ONE):
            assert who(first) == ONE
        with context.enter(TWO):
            assert who(second) == TWO
        with context.enter(ONE):
            assert who(first) == TWO
        first.close()
        second.close()
