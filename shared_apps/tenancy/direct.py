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
