"""The fingerprint of a schema's structure. Two schemas with the same checksum are the same but for their name and rows.

Left out on purpose: the order of columns (a rebuilt template may differ from a migrated schema), the names of NOT NULL
constraints (PostgreSQL 18 invents them, 15 to 17 have none), comments and grants.
"""

from __future__ import annotations

import hashlib

from shared_apps.tenancy import catalogue
from shared_apps.tenancy.catalogue import Catalogue


def of(schema: str) -> str:
    """The checksum of a schema, 64 hexadecimal digits. A schema that does not exist has that of an empty one."""
    return of_catalogue(catalogue.read(schema))


def of_catalogue(found: Catalogue) -> str:
    return hashlib.sha256("\n".join(lines(found)).encode()).hexdigest()


def lines(found: Catalogue) -> list[str]:
    """One line per fact, sorted: what the checksum is taken of, and what a difference is shown with."""
    name = {table.oid: table.name for table in found.tables}
    facts: list[tuple[object, ...]] = [("table", t.name, t.options, t.oddity) for t in found.tables]
    facts += [("column", name[c.table], *c[1:11]) for c in found.columns]
    facts += [("constraint", name[c.table], *c[1:5]) for c in found.constraints if c.kind != "n"]
    facts += [("index", name[i.table], *i[2:]) for i in found.indexes]
    facts += [("sequence", *s[:9], name.get(s.table or 0), s.column) for s in found.sequences]
    facts += [("other", description) for description in found.others]
    return sorted(repr(fact) for fact in facts)


def difference(one: Catalogue, other: Catalogue) -> list[str]:
    """The facts only one of the two has, at most 20, `-` before those of the first and `+` before the second's."""
    first, second = set(lines(one)), set(lines(other))
    return [f"- {line}" for line in sorted(first - second)][:10] + [f"+ {line}" for line in sorted(second - first)][:10]
