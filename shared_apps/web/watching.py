"""One log line per request, and a warning for a slow one."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty
from django_structlog import signals
from django_structlog.middlewares import RequestMiddleware

logger = structlog.get_logger("colmeia.requests")
NOT_FOUND = "unmatched"


class WatchingMiddleware(RequestMiddleware):
    """django-structlog's middleware without what people type: the route's pattern stands for the path and its query.

    Binds request_id for every line of the request; its last line says method, route, code and duration_ms. A request
    that took longer than settings.SLOW_REQUEST_MS is logged once more as a warning.
    """

    def prepare(self, request: HttpRequest) -> None:
        request._colmeia_started = time.perf_counter()  # type: ignore[attr-defined]
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        milliseconds = round((time.perf_counter() - request._colmeia_started) * 1000, 1)  # type: ignore[attr-defined]
        known: dict[str, Any] = {"duration_ms": milliseconds}
        route = getattr(request, "route", None)
        if route is not None:  # the engine's middleware, inside this one, has left its schema by now
            known |= {"organization": route.slug, "schema": route.schema}
        structlog.contextvars.bind_contextvars(**known)
        if milliseconds > settings.SLOW_REQUEST_MS:
            self.bind_user_id(request)
            logger.warning("slow_request", request=self.format_request(request), code=response.status_code)
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} /{match.route}" if match else f"{request.method} {NOT_FOUND}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """The user's id, if somebody asked who it is. Asking here would query outside of any schema."""
        user: Any = getattr(request, "user", None)
        if isinstance(user, SimpleLazyObject):
            user = None if user._wrapped is empty else user._wrapped
        if user is not None and user.pk is not None:
            structlog.contextvars.bind_contextvars(user_id=str(user.pk))


def on_request_metadata(log_kwargs: dict[str, Any], **_kwargs: Any) -> None:
    log_kwargs.pop("user_agent", None)


signals.bind_extra_request_metadata.connect(on_request_metadata)
