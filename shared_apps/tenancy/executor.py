"""Django's own migration executor inside one schema: the slow way that is always possible."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet.graph import ScopedExecutor
from shared_apps.tenancy.fleet.recorder import RecordingExecutor
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE


def migrate_schema(schema: str, *, progress: Callable[..., None] | None = None) -> None:
    """Bring one schema, which exists, to head. `progress` is Django's progress callback."""
    with context.enter(schema, with_public=False):
        MigrationRecorder(connection).ensure_schema()
    # the template's way is recorded: the rest of the fleet goes the same way, statement by statement
    executor_class = RecordingExecutor if schema == TEMPLATE else ScopedExecutor
    with context.enter(schema):
        executor = executor_class(connection, progress)
        executor.migrate(executor.loader.graph.leaf_nodes())
    with context.public():
        Schema.objects.filter(name=schema).update(head=current_head())


def applied(schema: str) -> list[tuple[str, str]]:
    """The (app label, name) of the migrations recorded in a schema, sorted; none if it keeps no record."""
    with context.enter(schema, with_public=False):
        return sorted(MigrationRecorder(connection).applied_migrations())
