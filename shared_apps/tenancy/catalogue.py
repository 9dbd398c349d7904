"""What a schema holds, read from PostgreSQL's catalogue: the one source of the generated DDL and of the checksum.

Everything starts from pg_depend by the schema's oid and goes on by lists of table oids, so each query is an index scan
and costs the same with one schema in the database as with a thousand. Definitions come back without the schema's name
because the search path is that schema alone while they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from django.db import connection, transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.direct import driver


class Table(NamedTuple):
    name: str
    options: list[str] | None
    oddity: str | None  # what the DDL generator cannot write: unlogged, row security, a tablespace ...


class Column(NamedTuple):
    table: str
    name: str
    type: str
    not_null: bool
    identity: str  # "", "a" always, "d" by default
    generated: str  # "", "s" stored, "v" virtual
    default: str | None  # the expression of a default or of a generated column
    collation: str | None  # None: the type's own
    storage: str | None  # None: the type's own
    statistics: int | None
    options: list[str] | None


class Constraint(NamedTuple):
    table: str
    name: str
    kind: str  # p, u, c, f, x, t, n as in pg_constraint.contype
    definition: str
    validated: bool
    column: str | None  # of a NOT NULL constraint


class Index(NamedTuple):
    table: str
    name: str
    definition: str
    valid: bool
    backing: bool  # it belongs to a constraint
    options: list[str] | None


class Sequence(NamedTuple):
    name: str
    type: str
    start: int
    increment: int
    maximum: int
    minimum: int
    cache: int
    cycle: bool
    owned: str | None  # "i" by an identity column, "a" by a serial one
    table: str | None
    column: str | None


class Comment(NamedTuple):
    table: str
    column: str | None  # None: of the table
    text: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One schema. `others` names every object that is none of the above: views, functions, types, triggers ..."""

    tables: list[Table]
    columns: list[Column]  # of a table in their order
    constraints: list[Constraint]
    indexes: list[Index]
    sequences: list[Sequence]
    comments: list[Comment]
    others: list[str]


class Objects(NamedTuple):
    """The oids everything else is found by, and what is neither a table nor a sequence."""

    tables: list[int]
    sequences: list[int]
    others: list[str]


OBJECTS = """
SELECT d.objid::bigint, k.kind,
       CASE WHEN k.kind IN ('r', 'S') THEN '' ELSE pg_describe_object(d.classid, d.objid, 0) END
FROM pg_depend d
CROSS JOIN LATERAL (SELECT CASE WHEN d.classid = 'pg_class'::regclass THEN (
    SELECT c.relkind::text FROM pg_class c WHERE c.oid = d.objid) ELSE '' END) k (kind)
WHERE d.refclassid = 'pg_namespace'::regclass
  AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s)
"""

TABLES = """
SELECT c.relname::text, c.reloptions,
       CASE WHEN c.relpersistence <> 'p' THEN 'is unlogged or temporary'
            WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'has row security'
            WHEN c.relreplident <> 'd' THEN 'has a replica identity'
            WHEN c.reltablespace <> 0 THEN 'is in a tablespace'
            WHEN c.reloftype <> 0 THEN 'is of a composite type'
            WHEN t.reloptions IS NOT NULL THEN 'has TOAST options' END
FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
WHERE c.oid = ANY(%(tables)s::oid[])
"""

COLUMNS = """
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid),
       CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
           FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
       NULLIF(a.attstattarget, -1)::int, a.attoptions
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY(%(tables)s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
"""

CONSTRAINTS = """
SELECT c.relname::text, n.conname::text, n.contype::text, pg_get_constraintdef(n.oid), n.convalidated,
       CASE WHEN n.contype = 'n' THEN (
           SELECT attname::text FROM pg_attribute WHERE attrelid = n.conrelid AND attnum = n.conkey[1]) END
FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
WHERE n.conrelid = ANY(%(tables)s::oid[])
"""

INDEXES = """
SELECT t.relname::text, c.relname::text, pg_get_indexdef(i.indexrelid, 0, true), i.indisvalid AND i.indisready,
       i.indexrelid = ANY (ARRAY(SELECT n.conindid FROM pg_constraint n WHERE n.conrelid = ANY(%(tables)s::oid[])
                                                                         AND n.contype IN ('p', 'u', 'x'))),
       c.reloptions
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
WHERE i.indrelid = ANY(%(tables)s::oid[])
"""

SEQUENCES = """
SELECT c.relname::text, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
       s.seqcycle, d.deptype::text, t.relname::text, a.attname::text
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
                     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE s.seqrelid = ANY(%(sequences)s::oid[])
"""

COMMENTS = """
SELECT c.relname::text, a.attname::text, d.description
FROM pg_description d
JOIN pg_class c ON c.oid = d.objoid
LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE d.classoid = 'pg_class'::regclass AND d.objoid = ANY(%(tables)s::oid[]) ORDER BY 1, d.objsubid
"""

ATTACHED = """
SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger
WHERE tgrelid = ANY(%(tables)s::oid[]) AND NOT tgisinternal
UNION ALL SELECT 'policy ' || polname || ' on ' || polrelid::regclass FROM pg_policy
WHERE polrelid = ANY(%(tables)s::oid[])
UNION ALL SELECT 'rule ' || rulename || ' on ' || ev_class::regclass FROM pg_rewrite
WHERE ev_class = ANY(%(tables)s::oid[])
UNION ALL SELECT 'inheritance of ' || inhrelid::regclass || ' from ' || inhparent::regclass FROM pg_inherits
WHERE inhrelid = ANY(%(tables)s::oid[])
"""

ORDERED = (
    f"{TABLES} ORDER BY 1",
    f"{COLUMNS} ORDER BY 1, a.attnum",
    f"{CONSTRAINTS} ORDER BY 1, n.contype <> 'p', 2",
    f"{INDEXES} ORDER BY 1, 2",
    f"{SEQUENCES} ORDER BY 1",
    COMMENTS,
    ATTACHED,
)


@contextmanager
def reading(schema: str) -> Iterator[psycopg.Connection]:
    """The driver, in a transaction, with `schema` alone on the path: names in it print without it."""
    with (
        context.enter(schema, with_public=False),
        transaction.atomic(savepoint=False),
        connection.wrap_database_errors,
    ):
        yield driver()


def objects(raw: psycopg.Connection, schema: str) -> Objects:
    rows = raw.execute(OBJECTS, [schema]).fetchall()
    return Objects(
        tables=[oid for oid, kind, _ in rows if kind == "r"],
        sequences=[oid for oid, kind, _ in rows if kind == "S"],
        others=[f"partitioned {text}" if kind == "p" else text for _, kind, text in rows if kind not in {"r", "S"}],
    )


def read(schema: str) -> Catalogue:
    """Everything in `schema`; an empty catalogue if there is no such schema."""
    with reading(schema) as raw:
        found = objects(raw, schema)
        oids = {"tables": found.tables, "sequences": found.sequences}
        tables, columns, constraints, indexes, sequences, comments, attached = (
            raw.execute(query, oids).fetchall() for query in ORDERED
        )
    return Catalogue(
        tables=[Table(*row) for row in tables],
        columns=[Column(*row) for row in columns],
        constraints=[Constraint(*row) for row in constraints],
        indexes=[Index(*row) for row in indexes],
        sequences=[Sequence(*row) for row in sequences],
        comments=[Comment(*row) for row in comments],
        others=sorted([*found.others, *(text for (text,) in attached)]),
    )
