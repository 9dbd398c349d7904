"""psycopg's pool: a connection comes back with another organization's path; one that saw too many is replaced."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from tests.tenancy.backend.conftest import EVERY_MODE, ONE, TWO, who


@pytest.fixture(params=EVERY_MODE)
def pooled(request: pytest.FixtureRequest, connect: Callable[..., DatabaseWrapper]) -> Iterator[DatabaseWrapper]:
    options = {"pool": {"min_size": 1, "max_size": 1}}
    wrapper = connect("pooled", **request.param, CONN_MAX_AGE=0, OPTIONS=options)
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def process(wrapper: DatabaseWrapper) -> int:
    return wrapper.connection.info.backend_pid


def test_a_connection_returned_with_another_path(pooled: DatabaseWrapper) -> None:
    seen = set()
    for cell in (ONE, TWO, TWO, ONE):
        with context.enter(cell):
            assert who(pooled) == cell
            seen.add(process(pooled))
        pooled.close_if_unusable_or_obsolete()
    assert len(seen) == 1


def test_threads_take_turns_on_one_connection(pooled: DatabaseWrapper) -> None:
    def work(number: int) -> bool:
        cell = (ONE, TWO)[number % 2]
        try:
            with context.enter(cell):
                mine: Any = connections["pooled"]
                return [who(mine), who(mine)] == [cell, cell]
        finally:
            connections["pooled"].close()

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(60)))


def test_a_cursor_kept_after_giving_back_is_refused(pooled: DatabaseWrapper) -> None:
    with context.enter(ONE):
        cursor = pooled.cursor()
        pooled.close()
        with pytest.raises(Exception, match="closed or given back"):
            cursor.execute("SELECT name FROM who")


def test_a_connection_that_touched_too_many_schemas_leaves_the_pool(pooled: DatabaseWrapper, settings: Any) -> None:
    settings.TENANCY_SCHEMAS_PER_CONNECTION = 1
    with context.enter(ONE):
        assert who(pooled) == ONE
        first = process(pooled)
    pooled.close_if_unusable_or_obsolete()
    with context.enter(ONE):
        assert who(pooled) == ONE
        assert process(pooled) == first
    pooled.close_if_unusable_or_obsolete()
    with context.enter(TWO):  # the second schema, in the third visit: the count survives the stays in the pool
        assert who(pooled) == TWO
        assert process(pooled) == first
    pooled.close_if_unusable_or_obsolete()
    with context.enter(ONE):
        assert who(pooled) == ONE
        assert process(pooled) != first
