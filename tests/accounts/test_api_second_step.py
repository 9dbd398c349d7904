"""Signing in to the API in two steps: what a password alone gets, and what a code is good for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import SignIn, SignInStep, User
from shared_apps.organizations.models import Membership, Organization, RefreshSession
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.accounts.codes import code, recovery_codes, with_app, wrong
from tests.organizations.browsing import Browser, me, sign_in


def token_of(answer: Any) -> str:
    assert answer.json()["code"] == "mfa_required", answer.content
    return str(answer.json()["mfa_token"])


def second(client: APIClient, token: str, given: str, **headers: Any) -> Any:
    return client.post("/api/v1/auth/login/code/", {"mfa_token": token, "code": given}, **headers)


def test_a_password_alone_opens_nothing(browser: Browser, acme: Organization, alice: User) -> None:
    with_app(alice)
    answer = sign_in(browser(acme), alice.email)
    assert answer.status_code == 401
    assert answer.json()["methods"] == ["totp", "recovery_code"]
    assert answer.json()["expires_in"] == 300
    assert "access" not in answer.json()
    assert "colmeia_refresh" not in answer.cookies
    assert not RefreshSession.objects.exists()


def test_the_code_signs_in(browser: Browser, acme: Organization, alice: User) -> None:
    secret, client = with_app(alice), browser(acme)
    done = second(client, token_of(sign_in(client, alice.email)), code(secret))
    assert done.status_code == 200, done.content
    assert done.cookies["colmeia_refresh"].value
    assert me(client, done.json()["access"]).status_code == 200
    assert SignIn.objects.get(user=alice).method == SignIn.Method.CODE


def test_a_code_counts_once_whatever_the_host(
    browser: Browser, acme: Organization, globex: Organization, alice: User
) -> None:
    Membership.objects.create(organization=globex, user=alice)
    with context.enter(globex.schema_name):
        Member.objects.create(user_id=alice.pk, email=alice.email, role="staff")
    secret, here, there = with_app(alice), browser(acme), browser(globex)
    shown = code(secret)
    assert second(here, token_of(sign_in(here, alice.email)), shown).status_code == 200
    for client in (here, there):
        again = second(client, token_of(sign_in(client, alice.email)), shown)
        assert again.status_code == 422
        assert again.json()["code"] == "wrong_code"


def test_a_code_stays_used_as_long_as_it_would_be_valid(browser: Browser, acme: Organization, alice: User) -> None:
    """Which is three times as long as an app shows it, and longer than a cache promises to remember."""
    secret, client = with_app(alice), browser(acme)
    shown = code(secret, ahead=1)
    assert second(client, token_of(sign_in(client, alice.email)), shown).status_code == 200
    cache.clear()
    for older in (shown, code(secret), code(secret, ahead=-1)):  # nor one from before it, which somebody read earlier
        assert second(client, token_of(sign_in(client, alice.email)), older).json()["code"] == "wrong_code"


def test_a_token_is_good_once_soon_and_here_only(
    browser: Browser, acme: Organization, globex: Organization, alice: User
) -> None:
    with_app(alice)
    client = browser(acme)
    token = token_of(sign_in(client, alice.email))
    first, second_one, third = recovery_codes(alice)[:3]
    assert second(browser(globex), token, first).json()["code"] == "mfa_token_invalid"
    assert second(client, token, first).status_code == 200
    assert second(client, token, second_one).json()["code"] == "mfa_token_invalid"
    late = token_of(sign_in(client, alice.email))
    SignInStep.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert second(client, late, third).json()["code"] == "mfa_token_invalid"
    assert len(recovery_codes(alice)) == 9


def test_a_recovery_code_counts_once(browser: Browser, acme: Organization, alice: User) -> None:
    with_app(alice)
    client, one = browser(acme), recovery_codes(alice)[0]
    assert second(client, token_of(sign_in(client, alice.email)), one).status_code == 200
    assert second(client, token_of(sign_in(client, alice.email)), one).status_code == 422


def test_five_wrong_codes_close_the_door_whatever_the_address(acme: Organization, alice: User) -> None:
    """Also for who knows the password: signing in again does not reset what was guessed."""
    secret = with_app(alice)
    for number in range(5):
        client = APIClient(HTTP_HOST="acme.localhost", REMOTE_ADDR=f"10.0.0.{number}")
        assert second(client, token_of(sign_in(client, alice.email)), wrong(secret)).status_code == 422
    client = APIClient(HTTP_HOST="acme.localhost", REMOTE_ADDR="10.0.0.9")
    answer = second(client, token_of(sign_in(client, alice.email)), code(secret))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 800


def test_what_changed_in_between_ends_it(browser: Browser, acme: Organization, alice: User, bob: User) -> None:
    secret, client = with_app(alice), browser(acme)
    token = token_of(sign_in(client, alice.email))
    alice = User.objects.get(pk=alice.pk)
    alice.set_password("another-good-password")
    alice.save()
    assert second(client, token, code(secret)).json()["code"] == "mfa_token_invalid"

    secret = with_app(bob)
    token = token_of(sign_in(client, bob.email))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert second(client, token, code(secret)).json()["code"] == "mfa_token_invalid"
    User.objects.filter(pk=bob.pk).update(is_active=True)
    with context.enter(acme.schema_name):
        Member.objects.filter(user_id=bob.pk).update(is_active=False)
    assert second(client, token, code(secret)).json()["code"] == "mfa_token_invalid"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        {"mfa_token": 1, "code": []},
        {"mfa_token": "x" * 101, "code": "1"},
        {"mfa_token": "a\x00", "code": "\x00"},
    ],
)
@pytest.mark.parametrize("path", ["login/code/", "login/enrolment/", "login/enrolment/activation/"])
def test_bad_input_is_named(browser: Browser, acme: Organization, path: str, body: object) -> None:
    assert browser(acme).post(f"/api/v1/auth/{path}", body).status_code in {400, 422}


def test_a_form_is_no_json(browser: Browser, acme: Organization) -> None:
    answer = browser(acme).post("/api/v1/auth/login/code/", "a=b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415


# -- Where the firm asks for two steps ----------------------------------------------------------------------------


@pytest.fixture
def strict(acme: Organization) -> Organization:
    Organization.objects.filter(pk=acme.pk).update(require_mfa=True)
    return acme


def test_who_has_one_step_sets_up_the_other_and_is_in(browser: Browser, strict: Organization, alice: User) -> None:
    client = browser(strict)
    refused = sign_in(client, alice.email)
    assert (refused.status_code, refused.json()["code"]) == (403, "mfa_enrolment_required")
    token = refused.json()["mfa_token"]
    assert second(client, token, "123456").json()["code"] == "mfa_token_invalid"  # good for setting up only
    app = client.post("/api/v1/auth/login/enrolment/", {"mfa_token": token}).json()
    assert app["otpauth_url"].startswith("otpauth://totp/")
    assert "<svg" in app["qr_svg"]
    last = {"mfa_token": token, "code": wrong(app["secret"])}
    assert client.post("/api/v1/auth/login/enrolment/activation/", last).json()["code"] == "wrong_code"
    last["code"] = code(app["secret"])
    done = client.post("/api/v1/auth/login/enrolment/activation/", last)
    assert done.status_code == 200, done.content
    assert len(done.json()["recovery_codes"]) == 10
    assert me(client, done.json()["access"]).status_code == 200
    assert client.post("/api/v1/auth/login/enrolment/activation/", last).status_code == 401
    replayed = second(client, token_of(sign_in(client, alice.email)), last["code"])
    assert replayed.json()["code"] == "wrong_code"  # the code that set it up was used by that


def test_an_enrolment_is_over_when_there_is_a_second_step(browser: Browser, strict: Organization, alice: User) -> None:
    client = browser(strict)
    token = sign_in(client, alice.email).json()["mfa_token"]
    with_app(alice)
    answer = client.post("/api/v1/auth/login/enrolment/", {"mfa_token": token})
    assert answer.json()["code"] == "mfa_token_invalid"
