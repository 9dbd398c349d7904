"""The template schema as a script: the statements that make another schema like it.

Names come without their schema, so the search path decides where the script lands. Statements are to be sent one by
one and at top level: PostgreSQL extensions that distribute tables see neither DDL inside plpgsql nor a string of many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from shared_apps.tenancy import catalogue, checksum
from shared_apps.tenancy.catalogue import Catalogue, Column, Constraint, Sequence
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
    return Script(tuple(statements), head, checksum.of(schema))


def refuse_oddities(found: Catalogue) -> None:
    odd = [*found.others]
    odd += [f"table {table.name}, which {table.oddity}" for table in found.tables if table.oddity]
    odd += [f"column options of {column.table}.{column.name}" for column in found.columns if column.options]
    odd += [f"invalid index {index.name}" for index in found.indexes if not index.valid]
    odd += [f"storage options of constraint {index.name}" for index in found.indexes if index.options and index.backing]
    odd += [f"constraint trigger {c.name}" for c in found.constraints if c.kind == "t"]
    odd += [f"unvalidated constraint {c.name}" for c in found.constraints if c.kind == "n" and not c.validated]
    if odd:
        raise UnsupportedObject(f"Cannot generate DDL for: {'; '.join(odd)}.")


def structure(found: Catalogue) -> Iterator[str]:
    """Tables with their constraints except foreign keys, then indexes."""
    columns, inline = defaultdict(list), defaultdict(list)
    # PostgreSQL 18 names them; before, the catalogue has none and the plain form is written
    not_null = {(c.table, c.column): c.name for c in found.constraints if c.kind == "n"}
    identity = {(s.table, s.column): s for s in found.sequences if s.owned == "i"}
    for column in found.columns:
        at = column.table, column.name
        columns[column.table].append(column_line(column, identity.get(at), not_null.get(at)))
    for constraint in found.constraints:
        if is_inline(constraint):
            inline[constraint.table].append(f"CONSTRAINT {quote(constraint.name)} {constraint.definition}")
    for sequence in found.sequences:
        if sequence.owned != "i":
            yield f"CREATE SEQUENCE {quote(sequence.name)} AS {sequence.type} {options(sequence)}"
    for table in found.tables:
        body = ", ".join(columns[table.name] + inline[table.name])
        storage = f" WITH ({', '.join(table.options)})" if table.options else ""
        yield f"CREATE TABLE {quote(table.name)} ({body}){storage}"
    yield from afterwards(found)
    yield from (index.definition for index in found.indexes if not index.backing)


def is_inline(constraint: Constraint) -> bool:
    """CREATE TABLE would take a NOT VALID check for valid, so that one is added afterwards."""
    return constraint.kind in "pux" or (constraint.kind == "c" and constraint.validated)


def foreign_keys(found: Catalogue) -> Iterator[str]:
    """One ALTER TABLE per table, after every table exists; NOT VALID checks come with them."""
    later = defaultdict(list)
    for constraint in found.constraints:
        if constraint.kind == "f" or (constraint.kind == "c" and not constraint.validated):
            later[constraint.table].append(f"ADD CONSTRAINT {quote(constraint.name)} {constraint.definition}")
    yield from (f"ALTER TABLE {quote(table)} {', '.join(parts)}" for table, parts in later.items())


def column_line(column: Column, sequence: Sequence | None, not_null: str | None) -> str:
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
        usual = sequence.name == f"{column.table}_{column.name}_seq"
        named = "" if usual else f"SEQUENCE NAME {quote(sequence.name)} "
        way = "ALWAYS" if column.identity == "a" else "BY DEFAULT"
        parts.append(f"GENERATED {way} AS IDENTITY ({named}{options(sequence)})")
    return " ".join(parts)


def options(sequence: Sequence) -> str:
    return (
        f"START WITH {sequence.start} INCREMENT BY {sequence.increment} MINVALUE {sequence.minimum} "
        f"MAXVALUE {sequence.maximum} CACHE {sequence.cache}{' CYCLE' if sequence.cycle else ''}"
    )


def afterwards(found: Catalogue) -> Iterator[str]:
    """What CREATE TABLE has no words for in every version."""
    for sequence in found.sequences:
        if sequence.owned == "a" and sequence.table and sequence.column:
            yield f"ALTER SEQUENCE {quote(sequence.name)} OWNED BY {quote(sequence.table)}.{quote(sequence.column)}"
    for column in found.columns:
        target = f"ALTER TABLE {quote(column.table)} ALTER COLUMN {quote(column.name)}"
        if column.storage:
            yield f"{target} SET STORAGE {STORAGE[column.storage]}"
        if column.statistics is not None:
            yield f"{target} SET STATISTICS {column.statistics}"
    for comment in found.comments:
        of = (
            f"COLUMN {quote(comment.table)}.{quote(comment.column)}"
            if comment.column
            else f"TABLE {quote(comment.table)}"
        )
        yield f"COMMENT ON {of} IS {literal(comment.text)}"


def seed(schema: str, found: Catalogue) -> Iterator[str]:
    """The rows a new schema starts with, and where its sequences stand (as constants)."""
    with catalogue.reading(schema) as raw:
        for table in settings.TENANCY_SEED_TABLES:
            columns = [column for column in found.columns if column.table == table and not column.generated]
            names = ", ".join(quote(column.name) for column in columns)
            values = ", ".join(f"quote_nullable({quote(column.name)}::text)" for column in columns)
            rows = raw.execute(f"SELECT {values} FROM {quote(table)} ORDER BY 1").fetchall()  # noqa: S608 - quoted
            if rows:
                overriding = " OVERRIDING SYSTEM VALUE" if any(column.identity == "a" for column in columns) else ""
                lines = ", ".join(f"({', '.join(row)})" for row in rows)
                yield f"INSERT INTO {quote(table)} ({names}){overriding} VALUES {lines}"  # noqa: S608 - quoted
            for sequence in found.sequences:
                if sequence.table == table:
                    query = f"SELECT last_value, is_called FROM {quote(sequence.name)}"  # noqa: S608 - quoted
                    last, called = raw.execute(query).fetchone()  # type: ignore[misc]
                    yield f"SELECT setval({literal(quote(sequence.name))}, {last}, {str(called).lower()})"


def literal(text: str) -> str:
    """A string constant; escapes need no thought while standard_conforming_strings is on, its value since 9.1."""
    return "'" + text.replace("'", "''") + "'"
