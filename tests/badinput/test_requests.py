"""Requests that are wrong before any field is: hosts, paths, methods, headers, bodies, tokens, preconditions."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.cast import PASSWORD, Cast
from tests.isolation.conftest import client_of
from tests.isolation.rows import with_refresh_cookie
from tests.isolation.world import World, checksum

CLIENTS = "/api/v1/clients/"
PROBLEM = "application/problem+json"


def problem(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"].startswith(PROBLEM)
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code", "instance"} <= body.keys()
    assert code in (None, body["code"])
    return body


@pytest.mark.parametrize(
    "host",
    ["unknown.localhost", "a.acme.localhost", "xn--80ak6aa92e.localhost", "-.localhost", "acme.localhost.evil.example"],
)
def test_an_unknown_host(world: World, host: str) -> None:
    problem(Client(headers={"host": host}).get(CLIENTS), 404)
    page = Client(headers={"host": host}).get("/")
    assert page.status_code == 404
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "host", ["", "a b", "acme.localhost:99999x", "acme_\x00.localhost", "[::1", "x" * 300, "acme..localhost"]
)
def test_a_host_that_is_none(world: World, host: str) -> None:
    assert Client(headers={"host": host}).get(CLIENTS).status_code in {400, 404}


@pytest.mark.parametrize("host", ["ACME.localhost", "acme.localhost:8000"])
def test_a_host_in_another_spelling(cast: Cast, world: World, host: str) -> None:
    assert client_of(cast.alice, cast.acme).get(CLIENTS, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/clients/1/",
        "/api/v1/clients/%00/",
        "/api/v1/clients/%ff%fe/",
        "/api/v1/clients/null/",
        "/api/v1/../v1/nothing/",
        "/api/v1/clients/00000000-0000-0000-0000-000000000000/",
        "/api/v1/clients//",
        "/api/v1/" + "x" * 5000 + "/",
        "/api/v1/clients/%2e%2e%2f/",
        "/api/v1/clients/01920000-1111-7222-8333-12345678901/",
        "/api/v2/clients/",
    ],
)
def test_a_path_to_nothing(alice_at_acme: APIClient, path: str) -> None:
    for method in (alice_at_acme.get, alice_at_acme.patch):
        problem(method(path), 404)


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "FOO", "get", "CONNECT", "DELETE", "PUT"])
def test_a_method_that_is_not_there(alice_at_acme: APIClient, world: World, method: str) -> None:
    before = checksum(world.schema)
    assert alice_at_acme.generic(method, CLIENTS).status_code in {200, 405}
    assert checksum(world.schema) == before


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer " + "x" * 10_000,
        "Basic YTpi",
        "Bearer \xff\xfe",
        "\x00",
        "Bearer a b c",
    ],
)
def test_a_token_that_is_none(world: World, header: str) -> None:
    response = APIClient(raise_request_exception=False).get(
        CLIENTS, headers={"host": world.host, "authorization": header}
    )
    problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("if-match", "x"),
        ("if-match", '"v1'),
        ("if-match", '"v' + "9" * 400 + '"'),
        ("if-match", "\xff"),
        ("if-match", 'W/"v0"'),
        ("if-none-match", "\x00"),
        ("idempotency-key", "x" * 5000),
        ("idempotency-key", "\xff\x01"),
        ("accept", "text/html"),
        ("accept", "\x00"),
        ("accept-language", "\xff;q=x"),
        ("content-length", "x"),
        ("content-type", "application/json; charset=x"),
        ("x-forwarded-for", "\x00,a,,"),
        ("x-forwarded-host", "evil.example"),
        ("cookie", "colmeia_refresh=\x00; =; a"),
        ("range", "bytes=x"),
        ("content-encoding", "gzip"),
        ("x-http-method-override", "DELETE"),
        ("transfer-encoding", "chunked"),
    ],
)
def test_a_header_that_makes_no_sense(alice_at_acme: APIClient, world: World, name: str, value: str) -> None:
    path = f"{CLIENTS}{world['clients.Client'].pk}/"
    for method, body in (("GET", b""), ("PATCH", b'{"notes": "x"}'), ("DELETE", b"")):
        response = alice_at_acme.generic(method, path, body, "application/json", headers={name: value})
        assert response.status_code < 500, (method, response.content[:300])


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe{", "application/json", 400),
        (b'{"name": "\xed\xa0\x80"}', "application/json", 400),
        (b'{"name": ' + b"[" * 100_000, "application/json", 400),
        (b'{"name": 1e99999}', "application/json", 400),
        (b"", "application/json", 422),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        (b"--x\r\n", "multipart/form-data", 415),
        (b"<a/>", "text/xml", 415),
        (b"{}", "", 415),
        (b"{}", "\x00", 415),
        (b'{"name": "' + b"x" * 10_000_000 + b'"}', "application/json", 413),
        (b"x" * 10_000_000, "text/plain", 415),
    ],
    ids=range(14),
)
def test_a_body_that_is_none(
    alice_at_acme: APIClient, world: World, body: bytes, content_type: str, status: int
) -> None:
    before = checksum(world.schema)
    problem(alice_at_acme.generic("POST", CLIENTS, body, content_type), status)
    assert checksum(world.schema) == before


def test_ten_megabytes_at_the_door_of_a_stranger(world: World) -> None:
    """Signing in takes anybody's body: the limit holds before it is read."""
    body = b'{"email": "' + b"x" * 10_000_000 + b'"}'
    response = Client(headers={"host": world.host}).post("/api/v1/auth/login/", body, "application/json")
    problem(response, 413)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "alice@acme.example"},
        {"email": "x", "password": PASSWORD},
        {"email": ["a"], "password": {}},
        {"email": "a\x00@acme.example", "password": "x"},
        {"email": "alice@acme.example", "password": "a\x00b"},
        {"email": "alice@acme.example", "password": "x" * 10_000},
        {"email": "a" * 400 + "@acme.example", "password": "x"},
        {"email": None, "password": None},
        {"email": "alice@acme.example", "password": ""},
        [],
    ],
    ids=range(11),
)
def test_a_sign_in_that_cannot_be_one(world: World, body: Any) -> None:
    client = APIClient(raise_request_exception=False)
    problem(client.post("/api/v1/auth/login/", body, format="json", headers={"host": world.host}), 422)


@pytest.mark.parametrize("what", ["refresh", "logout"])
@pytest.mark.parametrize("token", ["", "wrong", "c" * 31, "c" * 64, "\xff"])
def test_a_wrong_csrf_token(cast: Cast, world: World, what: str, token: str) -> None:
    client = client_of(None, None)
    with_refresh_cookie(client, cast.alice, cast.acme)
    client.credentials(HTTP_X_CSRFTOKEN=token)
    problem(client.post(f"/api/v1/auth/{what}/", headers={"host": world.host}), 403, "csrf_failed")
    client.credentials(HTTP_X_CSRFTOKEN="c" * 32)
    origin = {"host": world.host, "origin": "https://evil.example"}
    problem(client.post(f"/api/v1/auth/{what}/", headers=origin), 403, "csrf_failed")
    assert client.post(f"/api/v1/auth/{what}/", headers={"host": world.host}).status_code in {200, 204}


@pytest.mark.parametrize(
    "cpf", ["529.982.247-26", "111.111.111-11", "123", "52998224725x", "5299822472５", "11.222.333/0001-81"]
)
def test_an_invalid_cpf(alice_at_acme: APIClient, cpf: str) -> None:
    body = problem(alice_at_acme.post(CLIENTS, {"name": "x", "kind": "person", "document": cpf}), 422)
    assert [error["field"] for error in body["errors"]] == ["document"]


def test_a_document_that_is_taken(alice_at_acme: APIClient) -> None:
    body = problem(alice_at_acme.post(CLIENTS, {"name": "x", "document": "529.982.247-25"}), 409, "document_taken")
    assert body["errors"][0]["field"] == "document"


def test_an_unknown_custom_field(alice_at_acme: APIClient, world: World) -> None:
    before = checksum(world.schema)
    body = problem(alice_at_acme.post(CLIENTS, {"name": "x", "custom": {"depth": 1}}), 422)
    assert [error["field"] for error in body["errors"]] == ["custom.depth"]
    assert checksum(world.schema) == before


def test_a_stale_etag(alice_at_acme: APIClient, world: World) -> None:
    path = f"{CLIENTS}{world['clients.Client'].pk}/"
    first = alice_at_acme.get(path)["ETag"]
    assert alice_at_acme.patch(path, {"notes": "one"}, headers={"if-match": first}).status_code == 200
    before = checksum(world.schema)
    problem(alice_at_acme.patch(path, {"notes": "two"}, headers={"if-match": first}), 412)
    problem(alice_at_acme.patch(path, {"notes": "two"}), 428)
    assert checksum(world.schema) == before
