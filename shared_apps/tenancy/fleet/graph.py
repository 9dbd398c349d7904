"""Django's migration loader and executor for one of the two worlds of apps.

Django's own look at every app, so a schema's migration would load the migrations of all shared apps, render their
models, and record them in the wrong world. Tenant migrations depend on tenant apps only; one that does not is refused
here by Django's own consistency check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from shared_apps.tenancy.head import Key, tenant_labels


class ScopedLoader(MigrationLoader):
    """Loads only the apps of `labels`. `applied` spares it the query for what is applied."""

    def __init__(
        self, connection: BaseDatabaseWrapper | None, *, labels: frozenset[str], applied: Iterable[Key] | None = None
    ) -> None:
        self.labels = labels
        self._given = None if applied is None else dict.fromkeys(applied)
        self._found: dict[Key, Any] = {}
        super().__init__(connection if applied is None else None)

    @property
    def applied_migrations(self) -> dict[Key, Any]:
        return self._found

    @applied_migrations.setter
    def applied_migrations(self, found: dict[Key, Any]) -> None:
        self._found = found if self._given is None else dict(self._given)

    def load_disk(self) -> None:
        outer = self

        def module_of(label: str) -> tuple[str | None, bool]:
            return MigrationLoader.migrations_module(label) if label in outer.labels else (None, True)

        self.migrations_module = module_of  # type: ignore[method-assign,assignment]
        super().load_disk()
        self.unmigrated_apps &= self.labels  # an app of the other world is not here, rather than without migrations


class ScopedExecutor(MigrationExecutor):
    """Executes the migrations of one world, on the schema that is active."""

    loader: ScopedLoader

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        progress_callback: Callable[..., None] | None = None,
        *,
        labels: frozenset[str] | None = None,
    ) -> None:
        self.connection = connection
        self.loader = ScopedLoader(connection, labels=tenant_labels() if labels is None else labels)
        self.recorder = MigrationRecorder(connection)
        self.progress_callback = progress_callback


def public_labels() -> frozenset[str]:
    return frozenset(config.label for config in apps.get_app_configs()) - tenant_labels()
