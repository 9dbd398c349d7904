"""What is known of one schema, asked in one statement: the engine's book and the database itself."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from shared_apps.tenancy import context
from shared_apps.tenancy.models import Schema


class Known(NamedTuple):
    kind: str | None  # None: the engine has no such schema in its book
    state: str | None
    exists: bool  # the database has one of this name
    used_up: bool  # a tombstone keeps the name from being given out again

    @property
    def is_half_made(self) -> bool:
        """A schema that is still being built has never been ready: nobody's data can be in it."""
        return self.exists and self.state == Schema.State.BUILDING


LOOK = """
SELECT s.kind, s.state,
       EXISTS (SELECT FROM pg_namespace WHERE nspname = %(name)s),
       EXISTS (SELECT FROM tenancy_tombstone WHERE schema_name = %(name)s)
FROM (SELECT) one LEFT JOIN tenancy_schema s ON s.name = %(name)s
"""


def look(schema: str) -> Known:
    with context.public(), connection.cursor() as cursor:
        cursor.execute(LOOK, {"name": schema})
        return Known(*cursor.fetchone())
