"""Rows in every table of both organizations, with words in them that nobody else may ever read.

Made from the models, not from a list: a new model or column is planted, watched and compared without a line here.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.isolation.grammar import EMPTY, GRAMMAR, WANTED, WHEN

EVIDENCE = 6  # characters: what is shorter proves nothing when it turns up somewhere


@dataclass
class World:
    """One organization as planted. `rows` holds one object per tenant model, by label ("clients.Client")."""

    organization: Organization
    kept: bytes = pickle.dumps({})  # the rows of the first planting, unpacked by a test that looks at them

    @cached_property
    def rows(self) -> dict[str, Any]:
        return pickle.loads(self.kept)  # noqa: S301 - made here

    @property
    def schema(self) -> str:
        return self.organization.schema_name

    @property
    def host(self) -> str:
        return f"{self.organization.slug}.{settings.PLATFORM_DOMAIN}"

    def __getitem__(self, label: str) -> Any:
        return self.rows[label]


def tenant_models() -> list[type[models.Model]]:
    found = [model for model in apps.get_models() if model._meta.app_config.name in settings.TENANT_APPS]
    return sorted(found, key=lambda model: model._meta.label)


# What was planted before, by organization: the objects, and a statement that puts their rows back.
_before: dict[UUID, tuple[bytes, str, list[str]]] = {}
_told: dict[tuple[UUID, UUID], set[str]] = {}


def plant(organization: Organization) -> World:
    """One row of every tenant model, each column filled; required foreign keys first.

    Each test's transaction takes them away again. After the first time the same rows come back in one statement.
    """
    world = World(organization)
    with context.enter(organization.schema_name):
        if organization.pk in _before:
            world.kept, statement, values = _before[organization.pk]
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            return world
        for model in tenant_models():
            _plant(model, world)
        for row in world.rows.values():
            _fill_optional(row, world)
        _before[organization.pk] = (pickle.dumps(world.rows), *_replant(world))
    return world


def _replant(world: World) -> tuple[str, list[str]]:
    """Foreign keys are checked at the end of a transaction, so the order of the rows does not matter."""
    statements, values = [], []
    with connection.cursor() as cursor:
        for row in world.rows.values():
            table = connection.ops.quote_name(row._meta.db_table)
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t WHERE t.{row._meta.pk.column} = %s", [row.pk])
            values.append(cursor.fetchone()[0])
            statements.append(f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s)")
    return "; ".join(statements), values


def _plant(model: type[models.Model], world: World) -> models.Model:
    label = model._meta.label
    if label not in world.rows:
        row = model()
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                if not column.null or _label(column) in WANTED:
                    setattr(row, column.name, _plant(column.related_model, world))
            else:
                setattr(row, column.attname, _value(column, world))
        models.Model.save(row, force_insert=True)
        world.rows[label] = model._base_manager.get(pk=row.pk)
    return world.rows[label]


def _fill_optional(row: models.Model, world: World) -> None:
    changed = []
    for column in row._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.null and _label(column) not in EMPTY:
            setattr(row, column.name, world.rows[column.related_model._meta.label])
            changed.append(column.name)
    if changed:
        models.Model.save(row, update_fields=changed)


def _label(column: models.Field) -> str:
    return f"{column.model._meta.label}.{column.name}"


def _value(column: models.Field, world: World) -> Any:
    label, slug = _label(column), world.organization.slug
    word = f"zq{slug}-{column.model._meta.model_name}-{column.name}"
    for grammar in (GRAMMAR[slug], GRAMMAR["both"]):
        if label in grammar:
            return grammar[label]
    if column.primary_key or isinstance(column, models.UUIDField):
        return uuid7()
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, SearchVectorField):
        return word.replace("-", "")
    if isinstance(column, models.EmailField):
        return f"{word}@{slug}.example"
    if isinstance(column, models.URLField):
        return f"https://{slug}.example/{word}"
    if isinstance(column, ArrayField):
        return [_value(column.base_field, world)] if column.base_field.name else [word]
    if isinstance(column, models.JSONField):
        return {f"zq{slug}_key": word}
    if isinstance(column, models.SlugField | models.CharField) and column.name == "key":
        return f"zq{slug}_key"
    if isinstance(column, models.CharField | models.TextField):
        return word[: column.max_length or None]
    for kind, value in PLAIN:
        if isinstance(column, kind):
            return value
    raise NotImplementedError(f"{label}: say in tests/isolation/world.py what a {type(column).__name__} holds")


PLAIN: list[tuple[type[models.Field], Any]] = [
    (models.BooleanField, True),
    (models.DateTimeField, WHEN),
    (models.DateField, date(2026, 3, 1)),
    (models.TimeField, time(12)),
    (models.IntegerField, 7),
    (models.DecimalField, "7.50"),
    (models.BinaryField, b"zq"),
]


@cache
def tables(schema: str) -> list[str]:
    """The tables of a schema, as the catalogue knows them; no test of this suite makes or drops one."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return [name for (name,) in cursor.fetchall() if name != "django_migrations"]


def checksum(schema: str, names: Collection[str] | None = None) -> dict[str, str]:
    """A digest of each table's rows (of all tables): equal before and after means that nothing there was touched."""
    parts = [
        f"""SELECT '{table}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))
            FROM "{schema}"."{table}" t"""
        for table in (tables(schema) if names is None else names)
    ]
    if not parts:
        return {}
    with context.public(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


class Watch:
    """Schemas' digests from now on, in this transaction. Only what was written to since is read again.

    The server counts every row inserted, updated and deleted; the counts never go back, also where a savepoint does.
    """

    def __init__(self, *schemas: str) -> None:
        self.written, self.kept = _writes(schemas), {schema: checksum(schema) for schema in schemas}

    def forget(self) -> None:
        """What was written until now was undone, and need not be read again."""
        self.written = _writes(list(self.kept))

    def now(self) -> dict[str, dict[str, str]]:
        digests, written = {}, _writes(list(self.kept))
        for schema, kept in self.kept.items():
            counts = written[schema]
            digests[schema] = kept | checksum(
                schema, [name for name in counts if counts[name] != self.written[schema][name]]
            )
        return digests


WRITES = """
SELECT relnamespace::regnamespace::text, relname, relfilenode, pg_stat_get_xact_tuples_inserted(oid),
       pg_stat_get_xact_tuples_updated(oid), pg_stat_get_xact_tuples_deleted(oid), current_setting('track_counts')::bool
  FROM pg_class WHERE relnamespace = ANY(%s::regnamespace[]) AND relkind = 'r' AND relname <> 'django_migrations'
"""


def _writes(schemas: Collection[str]) -> dict[str, dict[str, tuple[int, ...]]]:
    found: dict[str, dict[str, tuple[int, ...]]] = {schema: {} for schema in schemas}
    with context.public(), connection.cursor() as cursor:
        cursor.execute(WRITES, [list(schemas)])
        for schema, name, *counts, are_counted in cursor.fetchall():
            assert are_counted, "track_counts is off: nothing would be seen"
            found[schema][name] = tuple(counts)
    return found


def contents(schema: str) -> Iterator[tuple[str, str, Any]]:
    """Every (table, column, value) of a schema, values as JSON has them."""
    with context.public(), connection.cursor() as cursor:
        for table in tables(schema):
            cursor.execute(f'SELECT row_to_json(t) FROM "{schema}"."{table}" t')
            for (row,) in cursor.fetchall():
                for column, value in row.items():
                    yield table, column, value


def evidence(ours: World, theirs: World) -> set[str]:
    """Every text and identifier that only the first organization's tables hold, as planted."""
    pair = ours.organization.pk, theirs.organization.pk
    if pair not in _told:
        _told[pair] = _texts(ours.schema) - _texts(theirs.schema)
    return _told[pair]


_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.+]+")


def _texts(schema: str) -> set[str]:
    return {
        text
        for _table, _column, value in contents(schema)
        for text in _leaves(value)
        if len(text) >= EVIDENCE and not _TIMESTAMP.fullmatch(text)
    }


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str | UUID):
        yield str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
