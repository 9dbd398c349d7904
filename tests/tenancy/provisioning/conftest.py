"""What the tests of provisioning share. Most run in one transaction: PostgreSQL's DDL is rolled back with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from shared_apps.tenancy import context, pool
from shared_apps.tenancy.models import Schema
from tests.cast import drop_left_overs

Run = Callable[..., None]


@pytest.fixture
def run(db: None) -> Run:
    """Run statements in a schema, alone on the path; `run(None, ...)` in public."""

    def execute(schema: str | None, *statements: str) -> None:
        with context.enter(schema, with_public=False) if schema else context.public(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return execute


@pytest.fixture
def made(run: Run) -> Callable[..., str]:
    """Make a schema by hand: `made("src", "CREATE TABLE ...")`."""

    def make(name: str, *statements: str) -> str:
        run(None, f'CREATE SCHEMA "{name}"')
        run(name, *statements)
        return name

    return make


@pytest.fixture
def empty_pool(db: None, settings: Settings) -> None:
    """No schema is ready, whatever ran before."""
    settings.TENANCY_POOL_SIZE = 0
    Schema.objects.filter(kind=Schema.Kind.POOL).update(head="an earlier one")


@pytest.fixture
def full_pool(db: None) -> int:
    """Two schemas are ready."""
    pool.refill(2)
    return pool.status().ready


@pytest.fixture
def leave_nothing(transactional_db: None) -> Iterator[None]:
    """For tests that really commit: the schemas they made go with them."""
    yield
    with context.public():
        Schema.objects.all().delete()
        drop_left_overs()


def schemas(prefix: str) -> set[str]:
    """The schemas in the database whose name begins like this."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [prefix])
        return {name for (name,) in cursor.fetchall()}
