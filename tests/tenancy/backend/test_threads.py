"""Threads and async tasks, each with a schema of its own, on connections that come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connections, transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from shared_apps.tenancy.context import NoSchemaChosen
from tests.tenancy.backend.conftest import ONE, SESSION, TRANSACTION, TWO, Who, who

CELLS = (ONE, TWO)


@pytest.fixture(params=[SESSION, TRANSACTION], ids=["session", "transaction"])
def own(request: pytest.FixtureRequest, connect: Callable[..., DatabaseWrapper]) -> DatabaseWrapper:
    return connect(**request.param)


def mine() -> DatabaseWrapper:
    """This thread's connection."""
    wrapper = connections["own"]
    assert isinstance(wrapper, DatabaseWrapper)
    return wrapper


def test_threads_of_a_pool_serve_one_cell_after_the_other(own: DatabaseWrapper) -> None:
    def work(number: int) -> bool:
        cell = CELLS[number % 2]
        with context.enter(cell):
            right = who(mine()) == cell
            with transaction.atomic(using="own"):
                return right and who(mine()) == cell

    with ThreadPoolExecutor(3) as threads:
        assert all(threads.map(work, range(200)))
        close_in(threads, 3)


def test_a_given_context_works_in_a_thread_and_leaves_nothing_there(own: DatabaseWrapper) -> None:
    with ThreadPoolExecutor(1) as threads:
        for cell in CELLS * 3:
            with context.enter(cell):
                assert threads.submit(copy_context().run, lambda: who(mine())).result() == cell
        with context.enter(ONE), pytest.raises(NoSchemaChosen):
            threads.submit(lambda: who(mine())).result()
        close_in(threads, 1)


def test_async_tasks_share_a_thread_and_its_connection(own: DatabaseWrapper) -> None:
    async def read(number: int) -> bool:
        cell = CELLS[number % 2]
        with context.enter(cell):
            found = []
            for _ in range(3):
                found.append(await sync_to_async(lambda: who(mine()))())
                await asyncio.sleep(0)
                found.append((await Who.objects.using("own").aget()).name)
                found += [row.name async for row in Who.objects.using("own")]
            return found == [cell] * 9

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*[read(number) for number in range(20)])

    assert all(async_to_sync(all_of_them)())


def test_async_tasks_over_many_threads(own: DatabaseWrapper) -> None:
    threads = ThreadPoolExecutor(3)
    read = sync_to_async(lambda: who(mine()), thread_sensitive=False, executor=threads)

    async def one(number: int) -> bool:
        cell = CELLS[number % 2]
        with context.enter(cell):
            return [await read(), await read()] == [cell, cell]

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*[one(number) for number in range(50)])

    with threads:
        assert all(async_to_sync(all_of_them)())
        close_in(threads, 3)


def close_in(threads: ThreadPoolExecutor, count: int) -> None:
    """Close the connection of each of the pool's threads: they meet at a barrier, so that each takes one call."""
    meeting = Barrier(count, timeout=10)

    def close() -> None:
        meeting.wait()
        connections["own"].close()

    for future in [threads.submit(close) for _ in range(count)]:
        future.result()
