"""The driver itself, for the few places where Django's bookkeeping per statement would be a good part of the time."""

from __future__ import annotations

from typing import Any, cast

import psycopg
from django.db import connection


def driver() -> psycopg.Connection[tuple[Any, ...]]:
    """The psycopg connection with the active schema's path in place. For use inside `transaction.atomic()`.

    Wrap what is done with it in `connection.wrap_database_errors`, so that Django sees its own exceptions.
    """
    connection.ensure_connection()
    wrapper = cast(Any, connection)
    wrapper.ensure_path()
    return wrapper.connection


def may_commit_lazily() -> bool:
    """Whether the transaction just begun may commit without waiting for the disk: unless it is part of a caller's.

    For the making of schemas only. Commits reach the disk in order, so the caller's next one, which says that the
    organization is active, makes this one durable; after a power cut before that, nobody was told and nothing is torn.
    """
    return not connection.savepoint_ids


def commit_lazily() -> None:
    if may_commit_lazily():
        driver().execute("SET LOCAL synchronous_commit = off")
