"""The template schema as a script: the statements that make another schema like it.

Names come without their schema, so the search path decides where the script lands. Statements are to be sent one by
one and at top level: PostgreSQL extensions that distribute tables see neither DDL inside plpgsql nor a string of many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from shared_apps.tenancy import catalogue, checksum, context
from shared_apps.tenancy.catalogue import Catalogue, Column, Constraint, Sequence, Table
from shared_apps.tenancy.names import quote

STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}


class UnsupportedObject(Exception):
    """The schema holds something the generator cannot write. The message names it."""


@dataclass(frozen=True, slots=True)
class Script:
    """What makes a schema: top-level statements, and the head and checksum a schema has after them."""

    statements: tuple[str, ...]
    head: str
    checksum: str


def script(schema: str, *, head: str) -> Script:
    """The script of `schema`. Raises UnsupportedObject."""
    found = catalogue.read(schema)
    refuse_oddities(found)
    statements = [*structure(found), *seed(schema, found), *foreign_keys(found)]
    return Script(tuple(statements), head, checksum.of_catalogue(found))


def refuse_oddities(found: Catalogue) -> None:
    name = {table.oid: table.name for table in found.tables}
    odd = [*found.others]
    odd += [f"table {table.name}, which {table.oddity}" for table in found.tables if table.oddity]
    odd += [f"column options of {name[c.table]}.{c.name}" for c in found.columns if c.options]
    odd += [f"invalid index {index.name}" for index in found.indexes if not index.valid]
    backing = {c.index: c.name for c in found.constraints if c.kind in "pux"}
    odd += [f"storage options of constraint {i.name}" for i in found.indexes if i.options and i.oid in backing]
    odd += [f"constraint trigger {c.name}" for c in found.constraints if c.kind == "t"]
    odd += [f"unvalidated constraint {c.name}" for c in found.constraints if c.kind == "n" and not c.validated]
    if odd:
        raise UnsupportedObject(f"Cannot generate DDL for: {'; '.join(odd)}.")


def structure(found: Catalogue) -> Iterator[str]:
    """Tables with their constraints except foreign keys, then indexes."""
    columns, inline, sequences = defaultdict(list), defaultdict(list), {}
    not_null = {}
    backing = {c.index for c in found.constraints if c.kind in "pux"}
    for column in found.columns:
        columns[column.table].append(column)
    for constraint in found.constraints:
        if constraint.kind == "n":
            not_null[constraint.table, constraint.column] = constraint.name
        elif is_inline(constraint):
            inline[constraint.table].append(f"CONSTRAINT {quote(constraint.name)} {constraint.definition}")
    for sequence in found.sequences:
        if sequence.owned == "i":
            sequences[sequence.table, sequence.column] = sequence
        else:
            yield f"CREATE SEQUENCE {quote(sequence.name)} AS {sequence.type} {options(sequence)}"
    for table in found.tables:
        parts = []
        for column in columns[table.oid]:
            # PostgreSQL 18 names them; before, the catalogue has none and the plain form is written
            key = (table.oid, column.name)
            parts.append(column_line(table, column, sequences.get(key), not_null.get(key)))
        body = ", ".join(parts + inline[table.oid])
        with_options = f" WITH ({', '.join(table.options)})" if table.options else ""
        yield f"CREATE TABLE {quote(table.name)} ({body}){with_options}"
        yield from afterwards(table, columns[table.oid])
    name = {table.oid: table.name for table in found.tables}
    for sequence in found.sequences:
        if sequence.owned == "a" and sequence.table and sequence.column:
            owner = f"{quote(name[sequence.table])}.{quote(sequence.column)}"
            yield f"ALTER SEQUENCE {quote(sequence.name)} OWNED BY {owner}"
    yield from (index.definition for index in found.indexes if index.oid not in backing)


def is_inline(constraint: Constraint) -> bool:
    """CREATE TABLE would take a NOT VALID check for valid, so that one is added afterwards."""
    return constraint.kind in "pux" or (constraint.kind == "c" and constraint.validated)


def foreign_keys(found: Catalogue) -> Iterator[str]:
    """One ALTER TABLE per table, after every table exists; NOT VALID checks come with them."""
    name = {table.oid: table.name for table in found.tables}
    later = defaultdict(list)
    for constraint in found.constraints:
        if constraint.kind == "f" or (constraint.kind == "c" and not constraint.validated):
            later[constraint.table].append(f"ADD CONSTRAINT {quote(constraint.name)} {constraint.definition}")
    yield from (f"ALTER TABLE {quote(name[table])} {', '.join(parts)}" for table, parts in later.items())


def column_line(table: Table, column: Column, sequence: Sequence | None, not_null: str | None) -> str:
    parts = [quote(column.name), column.type]
    if column.collation:
        parts.append(f"COLLATE {column.collation}")
    if column.generated:
        parts.append(f"GENERATED ALWAYS AS ({column.default}) {'STORED' if column.generated == 's' else 'VIRTUAL'}")
    elif column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.not_null:
        parts.append(f"CONSTRAINT {quote(not_null)} NOT NULL" if not_null else "NOT NULL")
    if column.identity and sequence:
        usual = sequence.name == f"{table.name}_{column.name}_seq"
        named = "" if usual else f"SEQUENCE NAME {quote(sequence.name)} "
        way = "ALWAYS" if column.identity == "a" else "BY DEFAULT"
        parts.append(f"GENERATED {way} AS IDENTITY ({named}{options(sequence)})")
    return " ".join(parts)


def options(sequence: Sequence) -> str:
    return (
        f"START WITH {sequence.start} INCREMENT BY {sequence.increment} MINVALUE {sequence.minimum} "
        f"MAXVALUE {sequence.maximum} CACHE {sequence.cache}{' CYCLE' if sequence.cycle else ''}"
    )


def afterwards(table: Table, columns: Iterable[Column]) -> Iterator[str]:
    """What CREATE TABLE has no words for in every version."""
    target = f"ALTER TABLE {quote(table.name)} ALTER COLUMN"
    if table.comment:
        yield f"COMMENT ON TABLE {quote(table.name)} IS {literal(table.comment)}"
    for column in columns:
        if column.storage:
            yield f"{target} {quote(column.name)} SET STORAGE {STORAGE[column.storage]}"
        if column.statistics is not None:
            yield f"{target} {quote(column.name)} SET STATISTICS {column.statistics}"
        if column.comment:
            yield f"COMMENT ON COLUMN {quote(table.name)}.{quote(column.name)} IS {literal(column.comment)}"


def seed(schema: str, found: Catalogue) -> Iterator[str]:
    """The rows a new schema starts with, and where its sequences stand (as constants)."""
    by_name = {table.name: table for table in found.tables}
    for wanted in settings.TENANCY_SEED_TABLES:
        table = by_name[wanted]
        columns = [column for column in found.columns if column.table == table.oid and not column.generated]
        values = ", ".join(f"quote_nullable({quote(column.name)}::text)" for column in columns)
        with context.enter(schema, with_public=False), connection.cursor() as cursor:
            cursor.execute(f"SELECT {values} FROM {quote(wanted)} ORDER BY 1")  # noqa: S608 - quoted
            rows = cursor.fetchall()
        if rows:
            names = ", ".join(quote(column.name) for column in columns)
            overriding = " OVERRIDING SYSTEM VALUE" if any(column.identity == "a" for column in columns) else ""
            lines = ", ".join(f"({', '.join(row)})" for row in rows)
            yield f"INSERT INTO {quote(wanted)} ({names}){overriding} VALUES {lines}"  # noqa: S608 - quoted
        yield from positions(schema, table, found.sequences)


def positions(schema: str, table: Table, sequences: Iterable[Sequence]) -> Iterator[str]:
    for sequence in sequences:
        if sequence.table == table.oid:
            with context.enter(schema, with_public=False), connection.cursor() as cursor:
                cursor.execute(f"SELECT last_value, is_called FROM {quote(sequence.name)}")  # noqa: S608
                last, called = cursor.fetchone()
            yield f"SELECT setval({literal(quote(sequence.name))}, {last}, {str(called).lower()})"


def literal(text: str) -> str:
    """A string constant; escapes need no thought while standard_conforming_strings is on, its value since 9.1."""
    return "'" + text.replace("'", "''") + "'"
