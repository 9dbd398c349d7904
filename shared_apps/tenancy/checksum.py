"""The fingerprint of a schema's structure. Two schemas with the same checksum are the same but for their name and rows.

Left out on purpose: the order of columns (a rebuilt template may differ from a migrated schema), the names of NOT NULL
constraints (PostgreSQL 18 invents them, 15 to 17 have none), comments and grants.
"""

from __future__ import annotations

import re

from shared_apps.tenancy import catalogue
from shared_apps.tenancy.catalogue import Catalogue

# `status IN ('a', 'b')` on a varchar prints as an array cast to text; read back, as an array of casts. Both are
# compared as the array alone: of a copy and its original one may be the one, one the other.
SETTLING = (
    (r"\(('[^']*'::character varying)\)::text", r"\1"),
    (r"::character varying::text", "::character varying"),
    (r"\((ARRAY\[[^]]*\])\)::text\[\]", r"\1"),
    (r"(ARRAY\[[^]]*\])::text\[\]", r"\1"),
)


def _settled(expression: str) -> str:
    """The SQL that does the same as `settled` to what this SQL expression yields."""
    for pattern, replacement in SETTLING:
        expression = f"regexp_replace({expression}, $re${pattern}$re$, $re${replacement}$re$, 'g')"
    return expression


def settled(definition: str) -> str:
    for pattern, replacement in SETTLING:
        definition = re.sub(pattern, replacement, definition)
    return definition


# One line of text per fact, hashed where it is. Every part reads one catalogue table by its index on the table's oid,
# with look-ups PostgreSQL caches (regclass, format_type): no join for the planner to get wrong when schemas are many.
CHECKSUM = f"""
SELECT encode(sha256(convert_to(coalesce(string_agg(fact, chr(10) ORDER BY fact COLLATE "C"), ''), 'UTF8')), 'hex')
FROM (
    SELECT concat_ws(' ', 'table', oid::regclass, relkind, relpersistence, reloptions::text, relrowsecurity,
                     relforcerowsecurity, relreplident, reltablespace, reloftype) AS fact
    FROM pg_class WHERE oid = ANY(%(tables)s::oid[])
  UNION ALL
    SELECT concat_ws(' ', 'column', attrelid::regclass, quote_ident(attname), format_type(atttypid, atttypmod),
                     attnotnull, attidentity, attgenerated, NULLIF(attcollation, 0)::regcollation, attstorage,
                     NULLIF(attstattarget, -1), attoptions::text,
                     CASE WHEN atthasdef THEN (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
                                               WHERE adrelid = attrelid AND adnum = attnum) END)
    FROM pg_attribute WHERE attrelid = ANY(%(tables)s::oid[]) AND attnum > 0 AND NOT attisdropped
  UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, quote_ident(conname), contype, convalidated,
                     {_settled("pg_get_constraintdef(oid)")})
    FROM pg_constraint WHERE conrelid = ANY(%(tables)s::oid[]) AND contype <> 'n'
  UNION ALL
    SELECT concat_ws(' ', 'index', {_settled("pg_get_indexdef(indexrelid, 0, true)")}, indisvalid, indisready)
    FROM pg_index WHERE indrelid = ANY(%(tables)s::oid[])
  UNION ALL
    SELECT concat_ws(' ', 'sequence', seqrelid::regclass, format_type(seqtypid, NULL), seqstart, seqincrement, seqmax,
                     seqmin, seqcache, seqcycle,
                     (SELECT pg_describe_object(refclassid, refobjid, refobjsubid) FROM pg_depend
                      WHERE classid = 'pg_class'::regclass AND objid = seqrelid AND objsubid = 0
                        AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')))
    FROM pg_sequence WHERE seqrelid = ANY(%(sequences)s::oid[])
  UNION ALL
    SELECT concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid, true), tgenabled)
    FROM pg_trigger WHERE tgrelid = ANY(%(tables)s::oid[]) AND NOT tgisinternal
  UNION ALL
    SELECT concat_ws(' ', 'policy', polrelid::regclass, polname) FROM pg_policy WHERE polrelid = ANY(%(tables)s::oid[])
  UNION ALL
    SELECT concat_ws(' ', 'rule', ev_class::regclass, rulename) FROM pg_rewrite WHERE ev_class = ANY(%(tables)s::oid[])
  UNION ALL
    SELECT concat_ws(' ', 'inherits', inhrelid::regclass, inhparent::regclass)
    FROM pg_inherits WHERE inhrelid = ANY(%(tables)s::oid[])
  UNION ALL
    SELECT 'other ' || other FROM unnest(%(others)s::text[]) other
) facts
"""  # noqa: S608 - made of texts of our own


def of(schema: str) -> str:
    """The checksum of a schema, 64 hexadecimal digits. A schema that does not exist has that of an empty one."""
    with catalogue.reading(schema) as raw:
        found = catalogue.objects(raw, schema)
        return raw.execute(CHECKSUM, found._asdict()).fetchone()[0]  # type: ignore[index]


def lines(found: Catalogue) -> set[str]:
    """The facts of a structure as lines that people can read."""
    facts: list[tuple[object, ...]] = [("table", *table) for table in found.tables]
    facts += [("column", *column) for column in found.columns]
    facts += [("constraint", *constraint) for constraint in found.constraints if constraint.kind != "n"]
    facts += [("index", *index) for index in found.indexes]
    facts += [("sequence", *sequence) for sequence in found.sequences]
    facts += [("other", other) for other in found.others]
    return {settled(" ".join(str(value) for value in fact)) for fact in facts}


def difference(one: str, other: str) -> list[str]:
    """The facts only one of two schemas has, at most 20: `-` before those of the first, `+` of the second."""
    first, second = lines(catalogue.read(one)), lines(catalogue.read(other))
    return [f"- {line}" for line in sorted(first - second)][:10] + [f"+ {line}" for line in sorted(second - first)][:10]
