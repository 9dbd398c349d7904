"""What the schemas themselves say: the migrations recorded in each. The registry's stamps are a copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet.plan import Applied
from shared_apps.tenancy.fleet.replay import text
from shared_apps.tenancy.names import quote

BATCH = 12  # schemas in one statement: a table, its index and their locks, well below 64 together


def applied(schemas: Sequence[str]) -> Iterator[tuple[str, Applied | None]]:
    """(schema, its migrations) for each; None for a schema that does not exist or keeps no record."""
    for start in range(0, len(schemas), BATCH):
        batch = schemas[start : start + BATCH]
        existing = _existing(batch)
        found: dict[str, set[tuple[str, str]]] = {name: set() for name in existing}
        if existing:
            with context.public(), connection.cursor() as cursor:
                cursor.execute(
                    " UNION ALL ".join(
                        f"SELECT {text(name)}, app::text, name::text FROM {quote(name)}.django_migrations"  # noqa: S608
                        for name in existing
                    )
                )
                for name, app, migration in cursor.fetchall():
                    found[name].add((app, migration))
        for name in batch:
            yield name, frozenset(found[name]) if name in found else None


def applied_in(schema: str) -> Applied | None:
    return dict(applied([schema]))[schema]


def _existing(schemas: Iterable[str]) -> list[str]:
    with context.public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid"
            " WHERE c.relname = 'django_migrations' AND c.relkind = 'r' AND n.nspname = ANY(%s) ORDER BY 1",
            [list(schemas)],
        )
        return [name for (name,) in cursor.fetchall()]
