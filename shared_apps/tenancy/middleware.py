"""Host to schema, for each request, under WSGI and ASGI alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from shared_apps.tenancy import context, refusals, routing
from shared_apps.tenancy.context import Active
from shared_apps.tenancy.refusals import refuse
from shared_apps.tenancy.routing import Missing, Route, TooManyUnknownHosts, hosts
from shared_apps.tenancy.streaming import keep_schema

PLATFORM = Active(context.PUBLIC)


class SchemaMiddleware:
    """The platform's host works on public and ROOT_URLCONF; an organization's in its schema and on TENANT_URLCONF.

    Sets `request.route` (None on the platform's host). Whoever is not served gets a finished answer (refusals.py).
    """

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._acall(request)
        target = self._at_once(request)
        if isinstance(target, str):
            target = self._looked_up(request, target)
        if isinstance(target, HttpResponse):
            return target
        with context.activate(target):
            response: HttpResponseBase = self.get_response(request)
        if response.streaming:
            keep_schema(response, target)  # type: ignore[arg-type]
        return response

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        target = self._at_once(request)
        if isinstance(target, str):
            target = await sync_to_async(self._looked_up)(request, target)
        if isinstance(target, HttpResponse):
            return target
        with context.activate(target):
            response: HttpResponseBase = await self.get_response(request)
        if response.streaming:
            keep_schema(response, target)  # type: ignore[arg-type]
        return response

    def _at_once(self, request: HttpRequest) -> Active | HttpResponse | str:
        """What to work on, or the answer that says why not, or the host that must be looked up in the database."""
        host, allowed = hosts.of_request(request)
        if host is None:
            return refuse(request, refusals.BAD_HOST)
        if not allowed:
            return refuse(request, refusals.UNKNOWN_HOST)
        if host == settings.PLATFORM_DOMAIN:
            request.route = None  # type: ignore[attr-defined]
            return PLATFORM
        route = routing.cached_by_host(host)
        return host if isinstance(route, Missing) else self._admitted(request, route)

    def _looked_up(self, request: HttpRequest, host: str) -> Active | HttpResponse:
        try:
            return self._admitted(request, routing.by_host(host))
        except (OperationalError, InterfaceError, TooManyUnknownHosts):
            return refuse(request, refusals.UNAVAILABLE)

    def _admitted(self, request: HttpRequest, route: Route | None) -> Active | HttpResponse:
        refusal = refusals.of_route(route)
        if refusal is not None or route is None:
            return refuse(request, refusal or refusals.UNKNOWN_HOST, route)
        request.route = route  # type: ignore[attr-defined]
        request.urlconf = settings.TENANT_URLCONF
        return Active(route.schema, route)
