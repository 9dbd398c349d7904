"""What our views expect of a request, given to them without our engine: as cheap as it can be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from shared_apps.tenancy.context import Active, activate
from shared_apps.tenancy.routing import Route


class OneOrganization:
    """For the plain project: the one organization there is, looked up once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.active: Active | None = None

    def __call__(self, request: Any) -> HttpResponse:
        if self.active is None:
            self.active = route_of(_organization())
        request.route = self.active.route
        with activate(self.active):
            return self.get_response(request)


class TenantAsRoute:
    """For django-tenants: its middleware has found the tenant; our views call it route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        active = route_of(request.tenant)
        request.route = active.route
        with activate(active):
            return self.get_response(request)


def _organization() -> Any:
    from shared_apps.organizations.models import Organization

    return Organization.objects.get(slug="bench")


def route_of(organization: Any) -> Active:
    route = Route(
        schema=organization.schema_name,
        organization_id=organization.pk,
        slug=organization.slug,
        name=organization.name,
        status=organization.status,
        timezone=organization.timezone,
        locale=organization.locale,
    )
    return Active(route.schema, route)
