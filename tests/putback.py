"""After a test that really committed: public as the migrations left it.

Django's `flush` empties every table and has every receiver of `post_migrate` fill them again: a second for each such
test, of which there are hundreds. Here only what holds rows is emptied, and the rows come back from copies.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.test import TransactionTestCase

from shared_apps.tenancy import checksum, context
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE

COPIES = "tests_copies"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1"


def keep() -> None:
    """Copy what public holds now, and let it be put back in place of every flush from here on."""
    with context.public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE; CREATE SCHEMA {COPIES}")
        for table in _with_rows():
            cursor.execute(f'CREATE TABLE {COPIES}."{table}" AS TABLE public."{table}"')
        cursor.execute(f"DELETE FROM {COPIES}.{Schema._meta.db_table} WHERE name <> %s", [TEMPLATE])
    TransactionTestCase._fixture_teardown = put_back


def put_back(_test: TransactionTestCase | None = None) -> None:
    with context.public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in _with_rows():
            cursor.execute(f'DELETE FROM public."{table}"')
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [COPIES])
        for (table,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO public."{table}" TABLE {COPIES}."{table}"')
        record = Schema.objects.filter(name=TEMPLATE).first()
        if record and checksum.of(TEMPLATE) != record.checksum:
            record.delete()  # a test changed the template: whoever needs it next finds out what it is


def _with_rows() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        each = [f"""SELECT '{name}' WHERE EXISTS (SELECT FROM public."{name}")""" for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(each))
        return [name for (name,) in cursor.fetchall()]
