"""Making a schema ready for an organization."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head, tenant_migrations
from shared_apps.tenancy.models import Schema


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def migrate_schema(schema: str) -> None:
    """Bring one schema to head with Django's own executor (the slow, always possible way)."""
    with context.enter(schema, with_public=False):
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
    labels = {label for label, _ in tenant_migrations()}
    with context.enter(schema):
        executor = MigrationExecutor(connection)
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] in labels])
    with context.public():
        Schema.objects.filter(name=schema).update(head=current_head())


def provision(schema: str, *, kind: str = Schema.Kind.ORGANIZATION) -> str:
    """Make `schema` exist, at head and ready. Safe to run again. Returns how it was made."""
    with context.public():
        record, _ = Schema.objects.get_or_create(name=schema, defaults={"kind": kind})
        if record.state == Schema.State.READY:
            return "existing"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
    migrate_schema(schema)
    with context.public():
        Schema.objects.filter(name=schema).update(state=Schema.State.READY)
    if settings.TENANCY_AFTER_CREATE:
        import_string(settings.TENANCY_AFTER_CREATE)(schema)
    return "migrations"
