"""Deleting a schema: out of sight in milliseconds, then dropped in small bites.

DROP SCHEMA takes a lock per object, and all of them at once exhaust PostgreSQL's lock table (64 per connection by
default). So the schema is renamed first, which is all the user waits for, and its objects are dropped in transactions
that each stay under that share. What is left after a crash is found by reading the catalogue again.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator

from django.db import connection, transaction

from shared_apps.tenancy import catalogue, context, locks, names, registry
from shared_apps.tenancy.catalogue import Catalogue
from shared_apps.tenancy.direct import driver
from shared_apps.tenancy.models import Schema, Tombstone
from shared_apps.tenancy.names import quote

LOCKS_PER_TRANSACTION = 48  # of the 64; the rest is for the catalogue's own and for what the weights below miss

RETIRE = """
WITH retired AS (
    UPDATE tenancy_schema
    SET name = %(trash)s, kind = 'trash', state = 'dropping', former_name = %(name)s, updated_at = now()
    WHERE name = %(name)s AND kind = 'organization' AND state <> 'building'
    RETURNING name
), stone AS (
    INSERT INTO tenancy_tombstone (schema_name, slug, created_at) SELECT %(name)s, %(slug)s, now() FROM retired
)
SELECT name FROM retired
"""

Bite = tuple[int, str]  # locks it takes at most, statement


def retire(schema: str, *, slug: str) -> str:
    """Take an organization's schema out of use; returns the name it waits under ("" if it is gone). Safe to run again.

    Name and slug are never given out again. The caller, who knows the hosts, calls `routing.forget()`. Raises
    LookupError for a name that no organization's schema has or had.
    """
    names.check(schema)
    trash = _trash_name()
    with context.public(), transaction.atomic():
        if not _retire_at_once(schema, slug, trash):
            locks.take(schema)  # somebody may be making it, or have retired it
            known = registry.look(schema)
            if known.kind != Schema.Kind.ORGANIZATION:
                if known.used_up:
                    return Schema.objects.filter(former_name=schema).values_list("name", flat=True).first() or ""
                raise LookupError(f"No organization has the schema {schema!r}.")
            _to_trash(schema, trash, exists=known.exists)
            Tombstone.objects.create(schema_name=schema, slug=slug)
    return trash


def _retire_at_once(schema: str, slug: str, trash: str) -> bool:
    """The usual case, a finished schema, in two statements."""
    with connection.wrap_database_errors:
        raw = driver()
        row = raw.execute(RETIRE, {"name": schema, "slug": slug, "trash": trash}).fetchone()
        if row is None:
            return False
        raw.execute(f"ALTER SCHEMA {quote(schema)} RENAME TO {quote(trash)}")
    return True


def discard(schema: str) -> str:
    """Send a pool schema that nobody may claim any more to the trash. The caller holds its row."""
    trash = _trash_name()
    with context.public(), transaction.atomic():
        _to_trash(schema, trash, exists=True)
    return trash


def drop_retired(limit: int | None = None) -> list[str]:
    """Drop what waits in the trash, oldest first; returns what is gone. What another worker drops is passed over."""
    with context.public():
        waiting = Schema.objects.filter(kind=Schema.Kind.TRASH).order_by("created_at").values_list("name", flat=True)
        return [name for name in list(waiting[:limit]) if drop(name)]


def drop(schema: str) -> bool:
    """Drop one schema that is in the trash. False: another worker is at it. Raises LookupError for any other schema."""
    with context.public(), locks.held(schema, wait=False) as mine:
        if not mine:
            return False
        if not Schema.objects.filter(name=schema, kind=Schema.Kind.TRASH).exists():
            raise LookupError(f"{schema!r} is not in the trash.")
        empty(schema)
        Schema.objects.filter(name=schema).delete()
    return True


def empty(schema: str) -> None:
    """Drop a schema with all it holds, in bites. The caller holds its lock and knows that nobody needs it."""
    found = catalogue.read(schema)
    with context.public():
        for statements in pack(bites(schema, found)):
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {quote(schema)} CASCADE")


def pack(plan: Iterator[Bite]) -> Iterator[list[str]]:
    """Group statements, in order, into transactions within the lock budget."""
    batch: list[str] = []
    spent = 0
    for weight, statement in plan:
        if batch and spent + weight > LOCKS_PER_TRANSACTION:
            yield batch
            batch, spent = [], 0
        batch.append(statement)
        spent += weight
    if batch:
        yield batch


def bites(schema: str, found: Catalogue) -> Iterator[Bite]:
    """Foreign keys first, so that no table drags another along; then tables, the heavy ones piece by piece."""
    inside = quote(schema)
    for constraint in found.constraints:
        if constraint.kind == "f":  # both tables, the constraint, its four triggers
            yield 7, _drop_constraint(f"{inside}.{quote(constraint.table)}", constraint.name)
    weights = weigh(found)
    for table in found.tables:
        weight = weights[table.name]
        if weight > LOCKS_PER_TRANSACTION:
            yield from dismantle(schema, table.name, found)
            weight = LOCKS_PER_TRANSACTION
        yield weight, f"DROP TABLE IF EXISTS {inside}.{quote(table.name)} CASCADE"
    for sequence in found.sequences:
        if sequence.owned is None:
            yield 2, f"DROP SEQUENCE IF EXISTS {inside}.{quote(sequence.name)} CASCADE"


def weigh(found: Catalogue) -> Counter[str]:
    """Locks that DROP TABLE takes, by table, once foreign keys are gone."""
    weights = Counter({table.name: 6 for table in found.tables})  # schema, table, two types, TOAST table and its index
    weights.update(constraint.table for constraint in found.constraints if constraint.kind != "f")
    weights.update(index.table for index in found.indexes)
    weights.update(column.table for column in found.columns if column.default is not None)
    weights.update(sequence.table for sequence in found.sequences if sequence.table)
    return weights


def dismantle(schema: str, table: str, found: Catalogue) -> Iterator[Bite]:
    """Drop a table's constraints and indexes before the table. NOT NULL last: a primary key clings to it."""
    qualified = f"{quote(schema)}.{quote(table)}"
    identities = {column.name for column in found.columns if column.table == table and column.identity}
    own = [c for c in found.constraints if c.table == table and c.kind != "f" and c.column not in identities]
    for constraint in sorted(own, key=lambda constraint: constraint.kind == "n"):
        yield 3, _drop_constraint(qualified, constraint.name)
    for index in found.indexes:
        if index.table == table and not index.backing:
            yield 2, f"DROP INDEX IF EXISTS {quote(schema)}.{quote(index.name)}"
    for column in found.columns:
        if column.table == table and column.default is not None and not column.generated:
            yield 2, f"ALTER TABLE {qualified} ALTER COLUMN {quote(column.name)} DROP DEFAULT"


def _drop_constraint(table: str, name: str) -> str:
    return f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {quote(name)}"


def _trash_name() -> str:
    return f"trash_{secrets.token_hex(8)}"


def _to_trash(schema: str, trash: str, *, exists: bool) -> None:
    Schema.objects.filter(name=schema).update(
        name=trash, kind=Schema.Kind.TRASH, state=Schema.State.DROPPING, former_name=schema
    )
    if exists:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SCHEMA {quote(schema)} RENAME TO {quote(trash)}")
