"""The fingerprint of the tenant migrations on disk. A schema is at head when its `Schema.head` equals it."""

import hashlib
import pkgutil
from functools import cache
from importlib import import_module

from django.apps import apps
from django.conf import settings


def tenant_migrations() -> list[tuple[str, str]]:
    """Every (app label, migration name) of the tenant apps on disk, sorted."""
    found = []
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            package = import_module(f"{config.name}.migrations")
            found += [(config.label, module.name) for module in pkgutil.iter_modules(package.__path__)]
    return sorted(found)


def fingerprint(migrations: list[tuple[str, str]]) -> str:
    text = "\n".join(f"{app}.{name}" for app, name in sorted(migrations))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def current_head() -> str:
    return fingerprint(tenant_migrations())
