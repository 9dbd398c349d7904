"""Two-step sign-in of one's own, through the API: set up, prove, remove."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tests.accounts.codes import code, read, recovery_codes, stored_secret, with_app, wrong
from tests.cast import PASSWORD
from tests.mail.sending import deliver_all

MFA = "/api/v1/auth/mfa/"


@pytest.fixture
def client(api: Any, alice: User, acme: Organization) -> APIClient:
    signed_in: APIClient = api(alice, acme)
    return signed_in


def begin(client: APIClient) -> Any:
    return client.post(f"{MFA}totp/", {"password": PASSWORD})


def test_an_app_is_set_up_used_and_removed(
    client: APIClient, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert client.get(MFA).json() == {"totp": False, "passkeys": 0, "recovery_codes": 0}
    app = begin(client).json()
    last = {"mfa_token": app["mfa_token"], "code": code(app["secret"])}
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{MFA}totp/activation/", last)
    assert done.status_code == 200, done.content
    assert len(done.json()["recovery_codes"]) == 10
    assert client.get(MFA).json() == {"totp": True, "passkeys": 0, "recovery_codes": 10}
    deliver_all()
    assert [message.to for message in mail.outbox] == [[alice.email]]
    assert begin(client).json()["code"] == "mfa_already_set_up"
    assert client.post(f"{MFA}totp/removal/", {"code": done.json()["recovery_codes"][0]}).status_code == 204
    assert client.get(MFA).json() == {"totp": False, "passkeys": 0, "recovery_codes": 0}
    assert not Authenticator.objects.exists()


def test_the_first_code_must_be_right(client: APIClient) -> None:
    app = begin(client).json()
    last = {"mfa_token": app["mfa_token"], "code": wrong(app["secret"])}
    assert client.post(f"{MFA}totp/activation/", last).json()["code"] == "wrong_code"
    assert not Authenticator.objects.exists()


def test_anothers_setup_is_not_mine(client: APIClient, api: Any, bob: User, acme: Organization) -> None:
    app = begin(client).json()
    last = {"mfa_token": app["mfa_token"], "code": code(app["secret"])}
    assert api(bob, acme).post(f"{MFA}totp/activation/", last).json()["code"] == "mfa_token_invalid"
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_replace_the_old(client: APIClient, alice: User) -> None:
    with_app(alice)
    old = recovery_codes(alice)
    new = client.post(f"{MFA}recovery-codes/", {"password": PASSWORD}).json()["recovery_codes"]
    assert set(new) & set(old) == set()
    assert recovery_codes(alice) == new


@pytest.mark.parametrize("path", ["totp/", "totp/removal/", "recovery-codes/"])
def test_a_signed_in_phone_left_on_a_table_is_not_enough(client: APIClient, alice: User, path: str) -> None:
    with_app(alice)
    assert client.post(f"{MFA}{path}", {}).status_code == 422
    for given, code_ in (({"password": "wrong"}, "wrong_password"), ({"code": "000000"}, "wrong_code")):
        assert client.post(f"{MFA}{path}", given).json()["code"] == code_
    for _ in range(3):
        client.post(f"{MFA}{path}", {"password": "wrong"})
    assert client.post(f"{MFA}{path}", {"password": PASSWORD}).status_code == 429
    assert Authenticator.objects.count() == 2


def test_secrets_are_stored_encrypted_and_survive_a_new_key(client: APIClient, alice: User, settings: Settings) -> None:
    secret = with_app(alice)
    stored = stored_secret(alice)
    assert secret not in stored
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-key-" * 5, [old]
    assert read(stored) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="SECRET_KEY_FALLBACKS"):
        read(stored)
