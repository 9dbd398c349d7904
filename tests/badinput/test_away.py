"""The database goes in the middle of a request, Redis is not there at all: an answer or 503, and never a half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from config.settings.base import caches
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tests.cast import PASSWORD, Cast
from tests.isolation.conftest import client_of

CLIENTS = "/api/v1/clients/"


@contextmanager
def the_server_drops_us_at(word: str) -> Iterator[list[str]]:
    """End this connection's backend right before its next statement that contains `word`, as a restart would."""
    struck: list[str] = []

    def strike(execute: Callable[..., Any], sql: Any, params: Any, many: bool, given: dict[str, Any]) -> Any:
        if not struck and word in str(sql):
            struck.append(str(sql))
            assert connection.connection is not None
            pid = connection.connection.info.backend_pid
            with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return execute(sql, params, many, given)

    with connection.execute_wrapper(strike):
        yield struck


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("word", ["SELECT", 'INSERT INTO "clients_client"', "activity_activity"])
def test_the_database_goes_in_the_middle_of_a_request(cast: Cast, word: str) -> None:
    client = client_of(cast.alice, cast.acme)
    headers = {"host": "acme.localhost", "idempotency-key": "once"}
    assert client.get(CLIENTS, headers=headers).status_code == 200  # warm
    with the_server_drops_us_at(word) as struck, context.activate(None):
        answer = client.post(CLIENTS, {"name": "Maria"}, headers=headers)
    assert struck
    assert answer.status_code == 503, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer["Retry-After"]
    assert b"terminat" not in answer.content  # the server's own words stay in the log
    connection.close()
    with context.enter("org_acme"):
        assert not Client.objects.exists()
    with context.activate(None):
        again = client.post(CLIENTS, {"name": "Maria"}, headers=headers)
        assert again.status_code == 201, again.content
        assert client.post(CLIENTS, {"name": "Maria"}, headers=headers).json() == again.json()
    with context.enter("org_acme"):
        assert Client.objects.count() == 1


@pytest.fixture
def no_redis(settings: Settings) -> Iterator[None]:
    """Nobody listens: neither for the cache nor for the broker."""
    dead = "redis://127.0.0.1:1/0"
    settings.REDIS_URL = dead
    settings.CACHES = caches(dead)
    yield
    cache.close()


def test_without_redis_people_sign_in_and_work(cast: Cast, no_redis: None) -> None:
    host = {"host": "acme.localhost"}
    client = APIClient(raise_request_exception=False)
    with context.activate(None):
        login = client.post("/api/v1/auth/login/", {"email": "alice@acme.example", "password": PASSWORD}, headers=host)
        assert login.status_code == 200, login.content
        worker = client_of(None, None, token=login.json()["access"])
        for answer in (
            worker.get(CLIENTS, headers=host),
            worker.post(CLIENTS, {"name": "Maria"}, headers={**host, "idempotency-key": "x"}),
            worker.get(f"{CLIENTS}?search=maria", headers=host),
        ):
            assert answer.status_code in {200, 201}, answer.content
