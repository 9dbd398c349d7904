"""Host to schema, for each request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from shared_apps.tenancy import context, routing


class SchemaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0].lower()
        if host == settings.PLATFORM_DOMAIN:
            with context.public():
                return self.get_response(request)
        route = routing.by_host(host)
        if route is None:
            return HttpResponseNotFound()
        request.route = route
        request.urlconf = settings.TENANT_URLCONF
        with context.enter(route):
            return self.get_response(request)
