"""After a test that really committed: public as the migrations left it, and the cast as it was built.

Django's `flush` empties every table and has every receiver of `post_migrate` fill them again: a second for each such
test, of which there are hundreds. Here only what holds rows is emptied, and the rows come back from copies. So do the
cast's two organizations, whose schemas would take as long to drop and to make anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase

from shared_apps.tenancy import checksum, context, routing
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE

COPIES = "tests_copies"
TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname = ANY(%s) AND (schemaname <> 'public' OR tablename <> 'django_migrations') ORDER BY 1, 2
"""
# Every definition with the transaction that wrote it: whatever touches a schema's structure, and back, is another.
STRUCTURE = """
SELECT md5(coalesce(string_agg(concat(oid, ' ', written), ',' ORDER BY oid, written), '')) FROM (
    SELECT oid, xmin::text AS written FROM pg_class WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
  UNION ALL
    SELECT attrelid, concat(attnum, ' ', pg_attribute.xmin) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
  UNION ALL
    SELECT oid, xmin::text FROM pg_constraint WHERE connamespace = ANY(%(schemas)s::regnamespace[])
  UNION ALL
    SELECT pg_trigger.oid, pg_trigger.xmin::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
  UNION ALL
    SELECT pg_attrdef.oid, pg_attrdef.xmin::text FROM pg_attrdef JOIN pg_class ON pg_class.oid = adrelid
    WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
) definitions
"""


def keep() -> None:
    """Copy what public holds now, and let it be put back in place of every flush from here on."""
    with context.public(), transaction.atomic(), connection.cursor() as cursor:
        _copy(COPIES, "public")
        cursor.execute(f"DELETE FROM {COPIES}.{Schema._meta.db_table} WHERE name <> %s", [TEMPLATE])
    TransactionTestCase._fixture_teardown = put_back


def put_back(_test: TransactionTestCase | None = None) -> None:
    with context.public(), transaction.atomic():
        _restore(COPIES, "public")
        record = Schema.objects.filter(name=TEMPLATE).first()
        if record and checksum.of(TEMPLATE) != record.checksum:
            record.delete()  # a test changed the template: whoever needs it next finds out what it is


@dataclass(frozen=True)
class Kept:
    """The rows of public and of some organizations' schemas, and how those were built."""

    schemas: tuple[str, ...]
    structure: str

    @classmethod
    def of(cls, *schemas: str) -> Kept:
        with context.public(), transaction.atomic():
            for schema in ("public", *schemas):
                _copy(f"{COPIES}_{schema}", schema)
            return cls(schemas, _structure(schemas))

    def put_back(self) -> bool:
        """Whether all could be made as it was; not if a test dropped one of the schemas or changed its structure."""
        with context.public(), transaction.atomic():
            if _structure(self.schemas) != self.structure:
                return False
            template = list(Schema.objects.filter(name=TEMPLATE))  # what is true of it now
            for schema in ("public", *self.schemas):
                _restore(f"{COPIES}_{schema}", schema)
            Schema.objects.filter(name=TEMPLATE).delete()
            Schema.objects.bulk_create(template)
        routing.clear()
        cache.clear()
        return True


def _structure(schemas: tuple[str, ...]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)", [list(schemas)])
        if cursor.fetchone() != (len(schemas),):
            return "incomplete"
        cursor.execute(STRUCTURE, {"schemas": list(schemas)})
        return cursor.fetchone()[0]


def _copy(copies: str, schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {copies} CASCADE; CREATE SCHEMA {copies}")
        for table in _with_rows(schema):
            cursor.execute(f'CREATE TABLE {copies}."{table}" AS TABLE {schema}."{table}"')


def _restore(copies: str, schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in _with_rows(schema):
            cursor.execute(f'DELETE FROM {schema}."{table}"')
        cursor.execute(TABLES, [[copies]])
        for _copies, table in cursor.fetchall():
            cursor.execute(f'INSERT INTO {schema}."{table}" TABLE {copies}."{table}"')


def _with_rows(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [[schema]])
        each = [f"""SELECT '{name}' WHERE EXISTS (SELECT FROM {schema}."{name}")""" for _, name in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(each))
        return [name for (name,) in cursor.fetchall()]
