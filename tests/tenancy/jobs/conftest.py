from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from celery import current_app
from django.db import connection

from shared_apps.tenancy import context
from tests.tenancy.jobs import samples


@pytest.fixture(autouse=True)
def clean_traces() -> Iterator[None]:
    store = samples.redis()
    for key in store.keys("sample:*"):
        store.delete(key)
    yield
    store.close()


@pytest.fixture
def eager() -> Iterator[None]:
    """Messages are worked off at once, in this process, as a worker would: with nothing active."""
    before = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = True
    with context.activate(None):
        yield
    current_app.conf.task_always_eager = before


@contextmanager
def elsewhere() -> Iterator[psycopg.Connection]:
    """A transaction on a connection of its own, rolled back at the end: what another process would be doing."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        yield other
        other.rollback()
