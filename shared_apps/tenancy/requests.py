"""What the middleware found out about a request."""

from typing import cast

from django.http import HttpRequest

from shared_apps.tenancy.routing import Route


def route_of(request: HttpRequest) -> Route:
    """The organization whose host was asked. Only for views of an organization's host: the platform's has none."""
    return cast(Route, request.route)  # type: ignore[attr-defined] # set by SchemaMiddleware
