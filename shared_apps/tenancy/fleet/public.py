"""The public schema's own migrations: shared apps only, and nothing heavy when there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet.graph import ScopedExecutor, public_labels
from shared_apps.tenancy.head import is_tenant_app, migrations_on_disk


def is_at_head() -> bool:
    """Whether every migration of the shared apps on disk is recorded: one query, no migration imported."""
    with context.public():
        recorded = set(MigrationRecorder(connection).applied_migrations())
    return recorded.issuperset(migrations_on_disk(c for c in apps.get_app_configs() if not is_tenant_app(c)))


def executor(progress: Callable[..., None] | None = None) -> ScopedExecutor:
    return ScopedExecutor(connection, progress, labels=public_labels())


def pending() -> list[Migration]:
    with context.public():
        found = executor()
        return [migration for migration, _ in found.migration_plan(found.loader.graph.leaf_nodes())]


def migrate(
    *, progress: Callable[..., None] | None = None, sync: Callable[..., None] | None = None, **signal_options: Any
) -> int:
    """Bring public to head as Django's own command does, signals included. Returns how many migrations were applied.

    `sync` makes the tables of apps without migrations (Django's `--run-syncdb`). `signal_options` (verbosity,
    interactive, stdout) go to the pre_migrate and post_migrate receivers.
    """
    with context.public():
        connection.prepare_database()
        found = executor(progress)
        found.loader.check_consistent_history(connection)
        targets = found.loader.graph.leaf_nodes()
        plan = found.migration_plan(targets)
        state = found._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined] # not in stubs
        options = {"verbosity": 0, "interactive": False, **signal_options, "db": connection.alias, "plan": plan}
        emit_pre_migrate_signal(**options, apps=state.apps)
        if sync and found.loader.unmigrated_apps:
            sync(connection, found.loader.unmigrated_apps)
        state = found.migrate(targets, plan=plan, state=state.clone())
        state.clear_delayed_apps_cache()
        emit_post_migrate_signal(**options, apps=_with_real_models(state.apps))
    return len(plan)


def _with_real_models(state_apps: Any) -> Any:
    """As Django's command: apps without migrations appear with the models they have in code."""
    with state_apps.bulk_update():
        keys = [(model.app_label, model.name_lower) for model in state_apps.real_models]
        for key in keys:
            state_apps.unregister_model(*key)
    state_apps.render_multiple([ModelState.from_model(apps.get_model(*key)) for key in keys])
    return state_apps
