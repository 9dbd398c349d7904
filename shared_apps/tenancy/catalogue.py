"""What a schema holds, read from PostgreSQL's catalogue: the one source of the generated DDL and of the checksum.

Everything starts from pg_depend by the schema's oid and goes on by lists of table oids, so each query is an index scan
and costs the same with one schema in the database as with a thousand. Definitions come back without the schema's name
because the search path is that schema alone while they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db import connection

from shared_apps.tenancy import context


class Table(NamedTuple):
    oid: int
    name: str
    options: list[str] | None
    comment: str | None
    oddity: str | None  # what the DDL generator cannot write: unlogged, row security, a tablespace ...


class Column(NamedTuple):
    table: int
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
    comment: str | None


class Constraint(NamedTuple):
    table: int
    name: str
    kind: str  # p, u, c, f, x, t, n as in pg_constraint.contype
    definition: str
    validated: bool
    index: int  # the oid of the index behind it, 0 without
    column: str | None  # of a NOT NULL constraint


class Index(NamedTuple):
    table: int
    oid: int
    name: str
    definition: str
    valid: bool
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
    table: int | None
    column: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One schema. `others` names every object that is none of the above: views, functions, types, triggers ..."""

    tables: list[Table]
    columns: list[Column]
    constraints: list[Constraint]
    indexes: list[Index]
    sequences: list[Sequence]
    others: list[str]


OBJECTS = """
SELECT d.objid::bigint,
       CASE WHEN d.classid <> 'pg_class'::regclass THEN '' ELSE (
           SELECT c.relkind::text FROM pg_class c WHERE c.oid = d.objid) END,
       pg_describe_object(d.classid, d.objid, 0)
FROM pg_depend d
WHERE d.refclassid = 'pg_namespace'::regclass
  AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s)
"""

TABLES = """
SELECT c.oid::bigint, c.relname::text, c.reloptions, obj_description(c.oid, 'pg_class'),
       CASE WHEN c.relpersistence <> 'p' THEN 'is unlogged or temporary'
            WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'has row security'
            WHEN c.relreplident <> 'd' THEN 'has a replica identity'
            WHEN c.reltablespace <> 0 THEN 'is in a tablespace'
            WHEN c.reloftype <> 0 THEN 'is of a composite type'
            WHEN t.reloptions IS NOT NULL THEN 'has TOAST options' END
FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
WHERE c.oid = ANY(%s::oid[]) ORDER BY c.relname
"""

COLUMNS = """
SELECT a.attrelid::bigint, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid),
       CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
           FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
       NULLIF(a.attstattarget, -1)::int, a.attoptions, col_description(a.attrelid, a.attnum)
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY(%s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

CONSTRAINTS = """
SELECT conrelid::bigint, conname::text, contype::text, pg_get_constraintdef(oid), convalidated, conindid::bigint,
       CASE WHEN contype = 'n' THEN (
           SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) END
FROM pg_constraint WHERE conrelid = ANY(%s::oid[]) ORDER BY conrelid, contype <> 'p', conname
"""

INDEXES = """
SELECT i.indrelid::bigint, i.indexrelid::bigint, c.relname::text, pg_get_indexdef(i.indexrelid, 0, true),
       i.indisvalid AND i.indisready, c.reloptions
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::oid[]) ORDER BY c.relname
"""

SEQUENCES = """
SELECT c.relname::text, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
       s.seqcycle, d.deptype::text, d.refobjid::bigint, a.attname::text
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
                     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE s.seqrelid = ANY(%s::oid[]) ORDER BY c.relname
"""

ATTACHED = """
SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger
WHERE tgrelid = ANY(%(oids)s::oid[]) AND NOT tgisinternal
UNION ALL SELECT 'policy ' || polname || ' on ' || polrelid::regclass FROM pg_policy
WHERE polrelid = ANY(%(oids)s::oid[])
UNION ALL SELECT 'rule ' || rulename || ' on ' || ev_class::regclass FROM pg_rewrite
WHERE ev_class = ANY(%(oids)s::oid[])
UNION ALL SELECT 'inheritance of ' || inhrelid::regclass || ' from ' || inhparent::regclass FROM pg_inherits
WHERE inhrelid = ANY(%(oids)s::oid[])
"""


def read(schema: str) -> Catalogue:
    """Everything in `schema`; an empty catalogue if there is no such schema."""
    with context.enter(schema, with_public=False):
        connection.ensure_connection()
        wrapper = cast(Any, connection)
        wrapper.ensure_path()
        raw = wrapper.connection
    with connection.wrap_database_errors:
        objects = raw.execute(OBJECTS, [schema]).fetchall()
        tables = [oid for oid, kind, _ in objects if kind == "r"]
        sequences = [oid for oid, kind, _ in objects if kind == "S"]
        with raw.pipeline():  # one round trip for the six
            answers = [raw.execute(query, [tables]) for query in (TABLES, COLUMNS, CONSTRAINTS, INDEXES)]
            answers += [raw.execute(SEQUENCES, [sequences]), raw.execute(ATTACHED, {"oids": tables})]
        table, column, constraint, index, sequence, attached = [answer.fetchall() for answer in answers]
    others = [
        f"partitioned {description}" if kind == "p" else description
        for _, kind, description in objects
        if kind not in {"r", "S"}
    ]
    return Catalogue(
        tables=[Table(*row) for row in table],
        columns=[Column(*row) for row in column],
        constraints=[Constraint(*row) for row in constraint],
        indexes=[Index(*row) for row in index],
        sequences=[Sequence(*row) for row in sequence],
        others=sorted([*others, *(description for (description,) in attached)]),
    )
