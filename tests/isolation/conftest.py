"""Both organizations planted, and a way to send a request that finds out what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

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
from tests.isolation.world import Watch, World, evidence, plant

CSRF = "c" * 32


@dataclass
class Worlds:
    """`of_acme` and `of_globex` are the texts that only that organization may ever be told."""

    acme: World
    globex: World
    cast: Cast
    of_acme: set[str]
    of_globex: set[str]
    signed_in: dict[tuple[UUID, UUID], tuple[str, SimpleCookie]] = field(default_factory=dict)

    @cached_property
    def _watch(self) -> Watch:
        return Watch(self.acme.schema, self.globex.schema)

    def digest(self) -> dict[str, dict[str, str]]:
        return self._watch.now()

    def look_again(self) -> None:
        """All is as planted: what was written until now was undone. A test that undoes things says so at its start."""
        self._watch.forget()

    def client_of(self, user: User, organization: Organization) -> APIClient:
        """As `client_of`; signed in once in a test, which a savepoint that is rolled back must not undo."""
        token, cookies = self.signed_in[user.pk, organization.pk]
        client = client_of(None, None, token=token)
        client.cookies.update(cookies)
        return client

    def sign_in(self, *pairs: tuple[User, Organization]) -> None:
        for user, organization in pairs:
            client = client_of(user, organization, token=token_for(user, organization))
            token = client._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
            self.signed_in[user.pk, organization.pk] = (token, client.cookies)


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
    """The guard's belief about the connection, for which it would send no SET, against what the server says."""
    is_inside = schema in (connection._known_path or "")  # type: ignore[attr-defined] # our own backend's
    with context.enter(schema) if is_inside else context.public(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == (schema if is_inside else "public",)


def told(response: HttpResponse, words: set[str], *, sent: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]
    """Which of these words the answer holds, in its body, its headers or its cookies, but for those that were sent."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    text = content.decode(errors="replace") + str(response.headers) + response.cookies.output()
    return {word for word in words if word in text and not any(word in one for one in sent)}
