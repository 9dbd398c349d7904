"""The fingerprint of the tenant migrations on disk. A schema is at head when its `Schema.head` equals it."""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.signals import setting_changed

Key = tuple[str, str]  # app label, migration name


def is_tenant_app(config: AppConfig) -> bool:
    """TENANT_APPS may name an app or its configuration class."""
    path = f"{type(config).__module__}.{type(config).__qualname__}"
    return config.name in settings.TENANT_APPS or path in settings.TENANT_APPS


@cache
def tenant_labels() -> frozenset[str]:
    return frozenset(config.label for config in apps.get_app_configs() if is_tenant_app(config))


def migrations_on_disk(configs: Iterable[AppConfig]) -> list[Key]:
    """Every migration of these apps, sorted, by the same rules as Django's loader but without importing any of them."""
    found: list[Key] = []
    for config in configs:
        module = settings.MIGRATION_MODULES.get(config.label, f"{config.name}.migrations")
        if module is None or find_spec(module) is None:
            continue
        found += [
            (config.label, name)
            for _, name, is_package in pkgutil.iter_modules(import_module(module).__path__)
            if not is_package and name[0] not in "_~"
        ]
    return sorted(found)


def tenant_migrations() -> list[Key]:
    """Every (app label, migration name) of the tenant apps on disk, sorted."""
    return migrations_on_disk(config for config in apps.get_app_configs() if is_tenant_app(config))


def fingerprint(migrations: Iterable[Key]) -> str:
    """The stamp of a set of migrations, 64 characters."""
    text = "\n".join(f"{app}.{name}" for app, name in sorted(set(migrations)))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def current_head() -> str:
    return fingerprint(tenant_migrations())


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting in {"MIGRATION_MODULES", "TENANT_APPS", "INSTALLED_APPS"}:
        current_head.cache_clear()
        tenant_labels.cache_clear()


setting_changed.connect(_forget, dispatch_uid="tenancy.head")
