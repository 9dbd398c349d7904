"""/healthz and /readyz: what a probe of any kind gets, and what it must not learn."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import async_to_sync
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.test import AsyncClient, Client
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import Schema

ANYBODY = Client(headers={"host": "10.1.2.3:8000"})  # a probe speaks to an address


def ready() -> tuple[int, dict[str, str]]:
    response = ANYBODY.get("/readyz")
    return response.status_code, response.json()["checks"]


def test_the_process_answers_without_asking_anybody(db: None) -> None:
    with assertNumQueries(0), context.activate(None):
        response = ANYBODY.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["localhost", "acme.localhost", "unknown.localhost", "example.org", "10.0.0.1"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_on_any_host(acme: Organization, host: str, path: str) -> None:
    with context.activate(None):
        assert Client().get(path, headers={"host": host}).status_code == 200
        assert Client().head(path, headers={"host": host}).status_code == 200
        assert Client().post(path, headers={"host": host}).status_code == 405


def test_ready_when_everything_is(acme: Organization) -> None:
    assert ready() == (200, {"database": "ok", "redis": "ok", "fleet": "ok"})


def test_not_ready_without_redis_and_says_no_more_than_that(acme: Organization, settings: Settings) -> None:
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    response = ANYBODY.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "checks": {"database": "ok", "redis": "failed", "fleet": "ok"},
    }
    assert b"hunter2" not in response.content


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_the_database() -> None:
    parameters = connection.settings_dict.copy()
    connection.close()
    request_started.disconnect(close_old_connections)
    try:
        connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
        code, checks = ready()
    finally:
        connection.settings_dict |= parameters
        connection.close()
        request_started.connect(close_old_connections)
    assert (code, checks) == (503, {"database": "failed", "redis": "ok", "fleet": "failed"})


def test_a_schema_that_lags_makes_the_fleet_lag(acme: Organization) -> None:
    Schema.objects.filter(name=acme.schema_name).update(head="older")
    assert ready() == (503, {"database": "ok", "redis": "ok", "fleet": "behind"})


def test_a_schema_whose_migration_failed_does_not_take_the_others_down(acme: Organization) -> None:
    Schema.objects.filter(name=acme.schema_name).update(head="older", state=Schema.State.FAILED)
    assert ready()[0] == 200


def test_a_newer_release_migrating_does_not_take_the_running_one_down(acme: Organization) -> None:
    template = Schema.objects.get(kind=Schema.Kind.TEMPLATE)
    with context.enter(template.name), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('clients', '9999_newer', now())")
    Schema.objects.filter(name__in=[template.name, acme.schema_name]).update(head="newer")
    assert ready()[0] == 200


def test_a_template_behind_makes_the_fleet_lag(acme: Organization) -> None:
    template = Schema.objects.get(kind=Schema.Kind.TEMPLATE)
    with context.enter(template.name), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    Schema.objects.filter(pk=template.pk).update(head="older")
    assert json.loads(ANYBODY.get("/readyz").content)["checks"]["fleet"] == "behind"


def test_under_asgi_too(acme: Organization) -> None:
    async def asked() -> list[int]:
        client = AsyncClient(headers={"host": "10.1.2.3"})
        return [(await client.get(path)).status_code for path in ("/healthz", "/readyz", "/nothing/")]

    assert async_to_sync(asked)() == [200, 200, 404]
