"""Tokens and cookies that were made elsewhere, or by somebody else."""

from __future__ import annotations

import base64
import time
from typing import Any

import jwt
import orjson
import pytest
from django.conf import settings

from shared_apps.organizations import sessions, tokens
from shared_apps.organizations.api import COOKIE
from shared_apps.organizations.models import RefreshSession
from tests.isolation.conftest import Worlds, client_of, token_for
from tests.isolation.rows import with_refresh_cookie

ME = "/api/v1/auth/me/"


def me(token: str, host: str = "acme.localhost") -> int:
    response = client_of(None, None, token=token).get(ME, headers={"host": host})
    assert response.status_code in {200, 401}, response.content
    return response.status_code


@pytest.fixture
def good(worlds: Worlds) -> str:
    token = token_for(worlds.cast.alice, worlds.cast.acme)
    assert me(token) == 200
    return token


def test_a_token_is_good_on_its_own_host_only(worlds: Worlds, good: str) -> None:
    assert me(good, "globex.localhost") == 401
    assert me(token_for(worlds.cast.carol, worlds.cast.globex)) == 401
    on_the_platform = client_of(None, None, token=good).get(ME, headers={"host": "localhost"})
    assert on_the_platform.status_code == 404


def test_a_changed_byte_anywhere_is_noticed(good: str) -> None:
    for position in range(0, len(good), 7):
        other = "A" if good[position] != "A" else "B"
        if good[position] != ".":
            assert me(good[:position] + other + good[position + 1 :]) == 401


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in (header, claims))
    return ".".join(parts) + "."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256"])
def test_an_unsigned_token_is_none(good: str, algorithm: str) -> None:
    assert me(_unsigned({"alg": algorithm, "typ": "JWT"}, _claims(good))) == 401


@pytest.mark.parametrize("key", ["", "secret", settings.SECRET_KEY])
def test_another_key_signs_nothing(good: str, key: str) -> None:
    assert me(jwt.encode(_claims(good), key or "x", algorithm="HS256")) == 401
    assert me(jwt.encode(_claims(good), key or "x", algorithm="HS512")) == 401


def test_a_token_with_other_claims_under_our_own_signature(worlds: Worlds, good: str) -> None:
    """What a bug in issuing could produce: each claim is needed, and each is checked."""
    claims, globex = _claims(good), str(worlds.cast.globex.pk)
    sign = tokens._backend(settings.SECRET_KEY).encode
    assert me(sign(claims)) == 200
    for change in (
        {"aud": globex},
        {"aud": [claims["aud"], globex]},
        {"aud": None},
        {"typ": "refresh"},
        {"exp": int(time.time()) - 1},
        {"sub": str(worlds.cast.dave.pk)},
        {"sub": "'; DROP TABLE team_member --"},
        {"sid": str(worlds.cast.acme.pk)},
        {"iat": int(time.time()) + 3600},
    ):
        assert me(sign({**claims, **change})) == 401, change
    for missing in ("aud", "sub", "sid", "typ", "exp"):
        assert me(sign({name: value for name, value in claims.items() if name != missing})) == 401, missing


def test_a_refresh_token_is_no_access_token(worlds: Worlds) -> None:
    opened = sessions.open_session(worlds.cast.alice, worlds.cast.acme.pk)
    assert me(opened.token) == 401


@pytest.mark.parametrize("what", ["refresh", "logout"])
def test_a_refresh_cookie_of_globex_does_nothing_on_acme(worlds: Worlds, what: str) -> None:
    client = client_of(None, None)
    with_refresh_cookie(client, worlds.cast.carol, worlds.cast.globex)
    before = list(RefreshSession.objects.order_by("pk").values())
    response = client.post(f"/api/v1/auth/{what}/", headers={"host": "acme.localhost"})
    assert response.status_code == (401 if what == "refresh" else 204)
    assert list(RefreshSession.objects.order_by("pk").values()) == before
    assert client.post("/api/v1/auth/refresh/", headers={"host": "globex.localhost"}).status_code in {200, 401}


def test_an_access_token_is_no_refresh_cookie(worlds: Worlds, good: str) -> None:
    client = client_of(None, None)
    with_refresh_cookie(client, worlds.cast.alice, worlds.cast.acme)
    client.cookies[COOKIE] = good
    assert client.post("/api/v1/auth/refresh/", headers={"host": "acme.localhost"}).status_code == 401
