"""Both organizations planted, and a way to send a request that finds out what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.utils.http import urlencode
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions, tokens
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.cast import Cast
from tests.conftest import browse_as
from tests.isolation.endpoints import Endpoint
from tests.isolation.rows import Row, arguments_of, path_of, row_of
from tests.isolation.world import World, checksum, evidence, plant

CSRF = "c" * 32


@dataclass
class Worlds:
    """`of_acme` and `of_globex` are the texts that only that organization may ever be told."""

    acme: World
    globex: World
    cast: Cast
    of_acme: set[str]
    of_globex: set[str]

    def digest(self) -> dict[str, dict[str, str]]:
        return {world.schema: checksum(world.schema) for world in (self.acme, self.globex)}


@pytest.fixture
def worlds(cast: Cast, acme: Organization, globex: Organization) -> Worlds:
    cache.clear()
    first, second = plant(acme), plant(globex)
    return Worlds(first, second, cast, evidence(first, second), evidence(second, first))


def token_for(user: User, organization: Organization) -> str:
    session = sessions.open_session(user, organization.pk).session
    return tokens.issue(tokens.Claims(organization.pk, user.pk, session.pk))


def client_of(user: User | None, organization: Organization | None, *, token: str | None = None) -> APIClient:
    """A client that carries a token of this user for this organization (or the given one), whatever host it calls.

    It carries the cookie of a page session as well; the API must not look at the one, pages not at the other.
    """
    client = APIClient(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = CSRF
    if user is not None and organization is not None:
        token = token or token_for(user, organization)
        browse_as(client, user, organization)
    if token is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def send(
    client: APIClient,
    endpoint: Endpoint,
    host: str,
    *,
    about: World,
    user: User,
    arguments: dict[str, Any] | None = None,
    urlconf: str = settings.TENANT_URLCONF,
) -> HttpResponse:
    """Send the endpoint's request to a host. What it names, in path and body, is taken from the world `about`.

    It starts with no schema chosen and must end so, on a connection whose path is what the context says.
    """
    row = row_of(endpoint) or Row()
    if arguments is None:
        arguments = arguments_of(endpoint, about)
    path = path_of(endpoint, arguments, urlconf=urlconf) + row.query
    headers = {"host": host, **({"x-csrftoken": CSRF} if endpoint.is_page else {}), **row.headers}
    with context.activate(None):
        response = client.generic(
            endpoint.method.upper(), path, *_body(endpoint, row, about, user), headers=headers, secure=False
        )
        assert context.active_or_none() is None, f"{endpoint} left a schema chosen"
    assert_on_the_right_path(about.schema)
    return response


def _body(endpoint: Endpoint, row: Row, about: World, user: User) -> tuple[bytes | str, str]:
    with context.enter(about.schema):
        body = row.body(about, user)
    if body is None:
        return b"", "application/octet-stream"
    if isinstance(body, tuple):
        return body  # encoded already, with its type
    if endpoint.is_page:
        return urlencode(body, doseq=True), "application/x-www-form-urlencoded"
    return orjson.dumps(body, default=str), "application/json"


def assert_on_the_right_path(schema: str) -> None:
    """The guard's belief about the connection against what the server says."""
    with connection.cursor() as cursor:
        for wanted, activated in (("public", context.public()), (schema, context.enter(schema))):
            with activated:
                cursor.execute("SELECT current_schema()")
                assert cursor.fetchone() == (wanted,)


def told(response: HttpResponse, words: set[str], *, sent: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]
    """Which of these words the answer holds, in its body, its headers or its cookies, but for those that were sent."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    text = content.decode(errors="replace") + str(response.headers) + response.cookies.output()
    return {word for word in words if word in text and not any(word in one for one in sent)}
