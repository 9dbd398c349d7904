"""Codes on the platform's pages: each good once, the one that sets an app up as well."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from shared_apps.accounts.models import User
from tests.accounts.codes import code, recovery_codes, with_app
from tests.cast import PASSWORD

ASKED = "/account/2fa/authenticate/"


def half_in() -> Client:
    """Alice's browser, which gave the password and is asked for a code."""
    client = Client(HTTP_HOST="localhost")
    answer = client.post("/sign-in/", {"login": "alice@acme.example", "password": PASSWORD})
    assert answer["Location"].startswith(ASKED)
    return client


def test_a_code_is_not_taken_again(cast: object, alice: User) -> None:
    secret = with_app(alice)
    shown = code(secret, ahead=1)
    assert half_in().post(ASKED, {"code": shown}).status_code == 302
    cache.clear()  # as after the half minute for which a cache would remember it
    again = half_in().post(ASKED, {"code": shown})
    assert "Incorrect code" in again.content.decode()


def test_a_recovery_code_is_not_taken_again(cast: object, alice: User) -> None:
    with_app(alice)
    one, another, *_ = recovery_codes(alice)
    assert half_in().post(ASKED, {"code": one}).status_code == 302
    assert "Incorrect code" in half_in().post(ASKED, {"code": one}).content.decode()
    assert half_in().post(ASKED, {"code": another}).status_code == 302


def test_guessing_is_slowed_down(cast: object, alice: User) -> None:
    secret, client = with_app(alice), half_in()
    for _ in range(5):
        client.post(ASKED, {"code": "000000"})
    refused = client.post(ASKED, {"code": code(secret)})
    assert refused.status_code != 302


@pytest.mark.django_db(transaction=True)
def test_the_code_that_sets_an_app_up_is_used_by_that(cast: object, alice: User) -> None:
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/", {"login": "alice@acme.example", "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = next(found for found in re.findall(r'value="([A-Z2-7]{32})"', page))
    shown = code(secret, ahead=0)
    assert client.post("/account/2fa/totp/activate/", {"code": shown}).status_code == 302
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    assert "Incorrect code" in half_in().post(ASKED, {"code": shown}).content.decode()
    assert half_in().post(ASKED, {"code": code(secret, ahead=1)}).status_code == 302


def test_keys_are_shown_in_the_persons_language(cast: object, alice: User) -> None:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="pt-br")
    client.post("/sign-in/", {"login": "alice@acme.example", "password": PASSWORD})
    data = {"name": "Celular", "credential": {"clientExtensionResults": {}}}
    Authenticator.objects.create(user=alice, type="webauthn", data=data)
    text = client.get("/account/2fa/webauthn/").content.decode()
    assert "Celular" in text
    assert "Ainda não usada" in text
    assert "Not used" not in text
