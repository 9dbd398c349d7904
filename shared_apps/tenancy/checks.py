"""System checks: what would make one organization's schema depend on another or on public fails the build."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.db.migrations import Migration
from django.db.models.fields.related import RelatedField

from shared_apps.core.ids import uuid7

TAG = "tenancy"
# Who a person is and whether they are signed in is known once, in public.
PUBLIC_ONLY = {
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth.account",
}


@register(TAG)
def check_worlds(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each installed app in exactly one world, people and sessions in public."""
    configs = list(apps.get_app_configs())
    shared, tenant = in_list(configs, settings.SHARED_APPS), in_list(configs, settings.TENANT_APPS)
    people = settings.AUTH_USER_MODEL.split(".")[0]
    found: list[CheckMessage] = [
        Error(
            f"{name} is in SHARED_APPS and in TENANT_APPS.",
            hint="An app has its tables in one world.",
            id="tenancy.E001",
        )
        for name in sorted({config.name for config in shared} & {config.name for config in tenant})
    ]
    found += [
        Error(f"{config.name} belongs to people or sessions: it must be in SHARED_APPS alone.", id="tenancy.E008")
        for config in tenant
        if config.name in PUBLIC_ONLY or config.label == people
    ]
    found += [
        Error(f"{config.name} is in neither world.", hint="Name it in SHARED_APPS or TENANT_APPS.", id="tenancy.E009")
        for config in configs
        if config not in shared and config not in tenant
    ]
    return found


@register(TAG)
def check_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No relation and no table name in common between the worlds; tenant tables as the house wants them."""
    tenant = tenant_labels()
    every = apps.get_models(include_auto_created=True)
    return [*crossing(every, tenant), *same_tables(every, tenant), *tenant_models(every, tenant)]


@register(TAG)
def check_migrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A tenant schema is migrated alone: its migrations wait for nothing outside of it."""
    configs = in_list(apps.get_app_configs(), settings.TENANT_APPS)
    found = (migration for config in configs for migration in migrations_of(config))
    return list(foreign_dependencies(found, {config.label for config in configs}))


def in_list(configs: Iterable[AppConfig], names: Collection[str]) -> list[AppConfig]:
    """Those listed, be it by package or by the path of their AppConfig."""
    return [
        config
        for config in configs
        if config.name in names or f"{type(config).__module__}.{type(config).__qualname__}" in names
    ]


def tenant_labels() -> set[str]:
    return {config.label for config in in_list(apps.get_app_configs(), settings.TENANT_APPS)}


def crossing(every: Iterable[type[models.Model]], tenant: Collection[str]) -> Iterator[CheckMessage]:
    """Foreign keys, one-to-ones and many-to-manys from one world into the other, constrained or not."""
    for model in every:
        for field in relations(model):
            target: Any = field.remote_field.model
            if target == "self":
                continue
            label = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
            if (label in tenant) is not (model._meta.app_label in tenant):
                yield Error(
                    f"{field} crosses the worlds to {target if isinstance(target, str) else target._meta.label}.",
                    hint="Keep the other side's UUID in a UUIDField; who means a person points at team.Member.",
                    obj=model,
                    id="tenancy.E002",
                )


def relations(model: type[models.Model]) -> list[RelatedField]:
    options = model._meta
    return [field for field in (*options.local_fields, *options.local_many_to_many) if isinstance(field, RelatedField)]


def same_tables(every: Iterable[type[models.Model]], tenant: Collection[str]) -> Iterator[CheckMessage]:
    """A table name in both worlds: were the tenant's missing, public's would be read without a word."""
    everywhere = list(every)
    public = {model._meta.db_table: model for model in everywhere if model._meta.app_label not in tenant}
    for model in everywhere:
        other = public.get(model._meta.db_table)
        if model._meta.app_label in tenant and other is not None:
            yield Error(
                f"The table {model._meta.db_table} is also that of {other._meta.label}, in public.",
                obj=model,
                id="tenancy.E003",
            )


def tenant_models(every: Iterable[type[models.Model]], tenant: Collection[str]) -> Iterator[CheckMessage]:
    for model in every:
        options = model._meta
        if options.app_label not in tenant or options.proxy or options.auto_created or not options.managed:
            continue
        if not has_uuid7_key(options.pk):
            yield Error(
                "The primary key is not a UUIDv7.",
                hint="Derive from core.models.UUIDModel.",
                obj=model,
                id="tenancy.E004",
            )
        for many in options.local_many_to_many:
            through: Any = many.remote_field.through
            if not isinstance(through, str) and through._meta.auto_created:
                yield Error(
                    f"{many} makes an implicit table.",
                    hint="Write the model between the two and name it in through=.",
                    obj=model,
                    id="tenancy.E005",
                )
        for private in options.private_fields:
            if isinstance(private, GenericForeignKey | GenericRelation):
                yield Error(
                    f"{private.name} is a generic relation.",
                    hint="Content types live in public. Name the kind in a field of your own.",
                    obj=model,
                    id="tenancy.E006",
                )


def has_uuid7_key(key: Any) -> bool:
    """Also of a child in multi-table inheritance and of a one-to-one that is the key: then the target's counts."""
    while key is not None and key.is_relation:
        key = key.remote_field.model._meta.pk
    return isinstance(key, models.UUIDField) and key.default is uuid7


def migrations_of(config: AppConfig) -> Iterator[Migration]:
    package = f"{config.name}.migrations"
    try:
        path = import_module(package).__path__
    except ModuleNotFoundError:
        return
    for module in iter_modules(path):
        found = getattr(import_module(f"{package}.{module.name}"), "Migration", None)
        if found is not None:
            yield found(module.name, config.label)


def foreign_dependencies(migrations: Iterable[Migration], tenant: Collection[str]) -> Iterator[CheckMessage]:
    for migration in migrations:
        for label, name in (*migration.dependencies, *migration.run_before):
            if label not in tenant:
                yield Error(
                    f"The tenant migration {migration.app_label}.{migration.name} depends on {label}.{name}.",
                    hint="Public's migrations are not part of a tenant schema.",
                    id="tenancy.E007",
                )
