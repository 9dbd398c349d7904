"""Who may run: an organization's job runs only while the organization is active, and the one it was meant for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django_tenants.utils import get_tenant_model

from shared_apps.core.prepared import Given, any_of, prepared
from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import JobRefusal, Schema
from shared_apps.tenancy.routing import Route, lookup

logger = structlog.get_logger(__name__)

ACTIVE = "active"
COMING = frozenset({"pending", "provisioning"})


class Refused(Exception):
    """The job must not run, now or later. `reason` is one word or two, stable."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotReady(Exception):
    """The job may run later: the organization is being set up, or its schema is behind the code."""


def routes_of(schemas: Iterable[str]) -> dict[str, Route]:
    """What the database says now, past every cache, about the organizations of these schemas. One query.

    A route's `head` is empty unless its schema is ready.
    """
    with context.public():
        return {row[0]: Route(*row) for row in _organizations(schemas=list(schemas))}


@prepared
def _organizations(schemas: Given) -> QuerySet[Any, Any]:
    head = Schema.objects.filter(name=OuterRef("schema_name"), state=Schema.State.READY).values("head")
    found = get_tenant_model().objects.filter(any_of("schema_name", schemas))
    return found.annotate(head=Coalesce(Subquery(head), Value(""))).values_list(*lookup.FIELDS, "head")


def admit(schema: str, organization_id: UUID | None, route: Route | None) -> Route:
    """The route under which the job may run. Raises Refused or NotReady."""
    if route is None:
        raise Refused("no such organization")
    if route.organization_id != organization_id:
        raise Refused("another organization")  # the name was given out again, or the message is forged
    if route.status in COMING:
        raise NotReady(f"{schema} is {route.status}")
    if route.status != ACTIVE:
        raise Refused(route.status)
    if route.head != current_head():
        raise NotReady(f"{schema} is not at the head of the migrations")
    return route


def record_refusal(job: str, schema: str, organization_id: UUID | None, reason: str, *, now: datetime) -> None:
    logger.warning("job_refused", job=job, refused_schema=schema, reason=reason)
    with context.public():
        JobRefusal.objects.create(
            job=job, schema_name=schema, organization_id=organization_id, reason=reason[:40], at=now
        )
