"""How much room a schema takes."""

from __future__ import annotations

from django.db import connection

SIZE = """
SELECT COALESCE(sum(pg_total_relation_size(c.oid)), 0)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'm')
"""


def of_schema(name: str) -> int:
    """Bytes on disk of its tables, with their indexes and what is stored beside them."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [name])
        return int(cursor.fetchone()[0])
