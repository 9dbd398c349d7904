"""A name that is locked is one organization's: another one that uses the same never waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shared_apps.tenancy import context, locks


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, which sees who holds what."""
    made = connection.copy()
    with context.public():
        made.ensure_connection()
        yield made
        made.close()


def is_free(name: str, schema: str, using: BaseDatabaseWrapper) -> bool:
    with context.public(), using.cursor() as cursor:
        key = locks.key(f"{schema}:{name}")
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        taken: bool = cursor.fetchone()[0]
        if taken:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return taken


@pytest.mark.django_db
def test_the_name_is_locked_here_and_free_elsewhere(other: BaseDatabaseWrapper) -> None:
    with context.enter("org_acme"), transaction.atomic():
        locks.alone("client:1")
        assert not is_free("client:1", "org_acme", other)
        assert is_free("client:1", "org_globex", other)
        assert is_free("client:2", "org_acme", other)
