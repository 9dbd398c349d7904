"""The template's way through a migration, kept as SQL.

The statements are recorded while Django really executes them, not collected beforehand: an operation that asks the
catalogue for what an earlier one of the same migration made (a constraint's name) then gets the true answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlparse
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet.graph import ScopedExecutor
from shared_apps.tenancy.models import MigrationScript

READS = ("SELECT", "SHOW", "WITH", "SAVEPOINT", "RELEASE")


class Recording:
    """A mixin for the backend's schema editor: executes as ever, and keeps what it executed."""

    recorded: list[str]
    executing = False

    def execute(self, sql: Any, params: Any = ()) -> None:
        if params is not None:
            sql = self.connection.ops.compose_sql(str(sql), params)  # type: ignore[attr-defined]
        self.recorded.append(str(sql))
        self.executing = True
        try:
            super().execute(sql, None)  # type: ignore[misc]
        finally:
            self.executing = False


class RecordingExecutor(ScopedExecutor):
    """Migrates the template and stores a MigrationScript for each migration, in the migration's own transaction."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if fake or fake_initial:
            return super().apply_migration(state, migration, fake, fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        if migration.atomic:
            with transaction.atomic(self.connection.alias):
                state = self._apply(state, migration)
        else:
            state = self._apply(state, migration)
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state

    def unapply_migration(self, state: ProjectState, migration: Migration, fake: bool = False) -> ProjectState:
        state = super().unapply_migration(state, migration, fake)
        with context.public():  # what comes after it under this name may be another migration
            MigrationScript.objects.filter(app=migration.app_label, migration=migration.name).delete()
        return state

    def _apply(self, state: ProjectState, migration: Migration) -> ProjectState:
        editor_class = type("RecordingEditor", (Recording, self.connection.SchemaEditorClass), {"recorded": []})
        unseen: list[str] = []

        def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, extra: dict[str, Any]) -> Any:
            if not editor.executing and not sql.lstrip().upper().startswith(READS):
                unseen.append(sql)
            return execute(sql, params, many, extra)

        editor = editor_class(self.connection, atomic=migration.atomic)
        with self.connection.execute_wrapper(watch), editor:
            state = migration.apply(state, editor)
        self.record_migration(migration)  # type: ignore[call-arg,arg-type] # the stubs are of an older Django
        _store(migration, editor.recorded, unseen)
        return state


def _store(migration: Migration, recorded: list[str], unseen: list[str]) -> None:
    statements = [part for statement in recorded for part in split(statement)]
    reason = why_not_replayable(migration, statements, unseen)
    with context.public():
        MigrationScript.objects.update_or_create(
            app=migration.app_label,
            migration=migration.name,
            defaults={"statements": [] if reason else statements, "replayable": not reason, "reason": reason},
        )


def why_not_replayable(migration: Migration, statements: Iterable[str], unseen: list[str]) -> str:
    """Why the recorded SQL is not the whole truth of the migration; empty when it is."""
    if not migration.atomic:
        return "not atomic"
    for operation in _all_operations(migration.operations):
        if not operation.reduces_to_sql:
            return f"{type(operation).__name__} is Python"
    if unseen:
        return "an operation wrote past the schema editor"
    if any(context.active().schema in statement for statement in statements):
        return "the SQL names the schema it was made in"
    if any(is_ambiguous(statement) for statement in statements):
        return "several statements that cannot be told apart"
    return ""


def _all_operations(operations: Iterable[Operation]) -> Iterable[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _all_operations(operation.database_operations)
        else:
            yield operation


def split(statement: str) -> list[str]:
    """One statement per item, as the extended protocol wants them. Bodies of functions are left for `is_ambiguous`."""
    statement = statement.strip()
    parts = [part.rstrip("; \n") for part in sqlparse.split(statement) if part.strip("; \n")]
    return [statement] if len(parts) == 1 or _may_hold_a_body(statement) else parts


def is_ambiguous(statement: str) -> bool:
    """Whether it may be several statements that we dare not tell apart."""
    return _may_hold_a_body(statement) and len(sqlparse.split(statement)) > 1


def _may_hold_a_body(statement: str) -> bool:
    return "$" in statement or "begin" in statement.lower()


def recording_executor(progress: Callable[..., None] | None = None) -> RecordingExecutor:
    return RecordingExecutor(connection, progress)
