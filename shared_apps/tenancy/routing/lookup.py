"""Asking the database: one query, joining domain, organization and the schema's head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django_tenants.utils import get_tenant_domain_model, get_tenant_model

from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head, tenant_migrations
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.routing.route import ACTIVE, Route

FIELDS = (
    "schema_name", "pk", "slug", "name", "status", "timezone", "locale", "logo", "accent", "idle_minutes",
    "require_mfa", "currency",
)  # fmt: skip


def by_host(host: str) -> Route | None:
    with context.public():
        return _route(get_tenant_domain_model().objects.filter(domain=host), "tenant__")


def by_schema(schema: str) -> Route | None:
    with context.public():
        return _route(get_tenant_model().objects.filter(schema_name=schema), "")


def _route(rows: QuerySet[Any], prefix: str) -> Route | None:
    head = Schema.objects.filter(name=OuterRef(f"{prefix}schema_name")).values("head")[:1]
    columns: Iterable[str] = (f"{prefix}{name}" for name in FIELDS)
    found = rows.annotate(schema_head=Coalesce(Subquery(head), Value(""))).values_list(*columns, "schema_head")[:1]
    for row in found:
        route = Route(*row)
        if route.status != ACTIVE or route.head == current_head() or not lacks_migrations(route.schema):
            return route
        return replace(route, is_lagging=True)
    return None


def lacks_migrations(schema: str) -> bool:
    """Whether a migration on disk is not applied there. Heads that differ alone do not say: the schema may be ahead,
    when a newer release has migrated and this process still serves until it is replaced.
    """
    with context.enter(schema, with_public=False), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        return not set(tenant_migrations()) <= set(cursor.fetchall())
