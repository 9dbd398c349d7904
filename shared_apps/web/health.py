"""`/healthz` says that the process answers, `/readyz` that it can serve: database, Redis and the fleet at head.

Both are answered on any host and before everything else: a probe speaks to an address, not to an organization, and
neither the log nor a session has use for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import redis
import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.routing.lookup import lacks_migrations

logger = structlog.get_logger(__name__)
DATABASE_TIMEOUT_MS = 2000
REDIS_TIMEOUT_S = 1.0


class HealthMiddleware:
    """First in the list. Answers the two paths to GET and HEAD, passes everything else on."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.views = {"/healthz": healthz, "/readyz": readyz}
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        view = self.views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        return sync_to_async(probe)(request, view) if self.is_async else probe(request, view)


def probe(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    response = view() if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
    response["Cache-Control"] = "no-store"
    return response


def healthz() -> HttpResponse:
    return JsonResponse({"status": "ok"})


def readyz() -> HttpResponse:
    """200, or 503 with the names of what failed; why it failed goes to the log alone."""
    checks = {"database": run("database", database), "redis": run("redis", redis_answers)}
    checks["fleet"] = run("fleet", fleet) if checks["database"] == "ok" else "failed"  # no second wait for a dead host
    ready = all(result == "ok" for result in checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


def run(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever it is, this part is not ready
        logger.warning("not_ready", check=name, error=f"{type(error).__name__}: {error}")
        return "failed"


def database() -> str:
    """Raises whatever the database or its driver says, after DATABASE_TIMEOUT_MS at the latest once connected."""
    with answered_quickly(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def fleet() -> str:
    """ "behind" while the template or an organization's schema lacks a migration this code knows.

    A schema whose migration failed keeps its own page and its own row in the ledger: it must not take the others down.
    One that is ahead (a newer release is migrating while this process still serves) is not behind either.
    """
    with answered_quickly():
        heads = {current_head()}
        template = Schema.objects.filter(kind=Schema.Kind.TEMPLATE).values_list("name", "head").first()
        if template is None:
            return "behind"
        if template[1] not in heads:
            if lacks_migrations(template[0]):
                return "behind"
            heads.add(template[1])
        behind = Schema.objects.filter(
            kind=Schema.Kind.ORGANIZATION, state__in=[Schema.State.READY, Schema.State.MIGRATING]
        ).exclude(head__in=heads)
        return "behind" if behind.exists() else "ok"


def redis_answers() -> str:
    client(settings.REDIS_URL).ping()
    return "ok"


@contextmanager
def answered_quickly() -> Iterator[None]:
    """A transaction in public whose statements may take DATABASE_TIMEOUT_MS each."""
    with context.public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {DATABASE_TIMEOUT_MS}")
        yield


@lru_cache(maxsize=1)
def client(url: str) -> redis.Redis:
    return redis.from_url(url, socket_connect_timeout=REDIS_TIMEOUT_S, socket_timeout=REDIS_TIMEOUT_S)
