"""POST login/, GET me/: who comes in, and what a stranger can learn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.accounts.models import SignInAttempt, User
from shared_apps.organizations.models import Membership, Organization, RefreshSession
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.cast import PASSWORD
from tests.organizations.browsing import Browser, me, sign_in


def test_a_member_signs_in_and_is_told_who_they_are(browser: Browser, acme: Organization, bob: User) -> None:
    client = browser(acme)
    answer = sign_in(client, "Bob@Acme.example")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["user"] | {"member_id": None, "permissions": None} == {
        "id": str(bob.pk),
        "member_id": None,
        "email": "bob@acme.example",
        "name": "Bob",
        "role": "staff",
        "permissions": None,
    }
    assert "clients.manage" in body["user"]["permissions"]
    assert "team.manage" not in body["user"]["permissions"]
    assert answer["Cache-Control"] == "no-store"
    assert me(client, body["access"]).json() == body["user"]


def test_the_refresh_token_is_out_of_reach_of_scripts_and_other_hosts(browser: Browser, acme: Organization) -> None:
    cookie = sign_in(browser(acme), "alice@acme.example").cookies["colmeia_refresh"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/api/v1/auth/", "Lax", "")


def test_in_production_the_cookie_is_secure(browser: Browser, acme: Organization, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = True  # type: ignore[attr-defined]
    assert sign_in(browser(acme), "alice@acme.example").cookies["colmeia_refresh"]["secure"]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@acme.example", "wrong"),
        ("nobody@acme.example", PASSWORD),
        ("carol@globex.example", PASSWORD),  # a member elsewhere
        ("dave@nowhere.example", PASSWORD),  # a member of nothing
    ],
)
def test_every_refusal_looks_the_same(browser: Browser, acme: Organization, email: str, password: str) -> None:
    answer = sign_in(browser(acme), email, password)
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_credentials"
    assert "colmeia_refresh" not in answer.cookies
    assert not RefreshSession.objects.exists()


def test_closed_accounts_and_memberships_are_refused(
    browser: Browser, acme: Organization, alice: User, bob: User
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with context.enter(acme.schema_name):
        Member.objects.filter(user_id=bob.pk).update(is_active=False)
    assert sign_in(browser(acme), "alice@acme.example").status_code == 401
    assert sign_in(browser(acme), "bob@acme.example").status_code == 401
    assert Membership.objects.filter(user=bob).exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"email", "password"}),
        ({"email": "alice@acme.example", "password": None}, {"password"}),
        ({"email": ["alice@acme.example"], "password": {"a": 1}}, {"email", "password"}),
        ({"email": "not an address", "password": "x"}, {"email"}),
        ({"email": "alice@acme.example", "password": "a\x00b"}, {"password"}),
        ({"email": "a\x00lice@acme.example", "password": "x"}, {"email"}),
        ({"email": f"{'a' * 300}@acme.example", "password": "x" * 129}, {"email", "password"}),
        ([], {""}),
        ("text", {""}),
    ],
)
def test_bad_input_is_named(browser: Browser, acme: Organization, body: object, fields: set[str]) -> None:
    answer = browser(acme).post("/api/v1/auth/login/", body)
    assert answer.status_code in {400, 422}, answer.content
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert not SignInAttempt.objects.exists()


def test_an_old_token_in_the_header_keeps_nobody_out(browser: Browser, acme: Organization) -> None:
    answer = sign_in(browser(acme), "alice@acme.example", HTTP_AUTHORIZATION="Bearer nonsense")
    assert answer.status_code == 200


def test_five_failures_for_an_e_mail_are_the_limit_wherever_they_come_from(
    browser: Browser, acme: Organization
) -> None:
    for last in range(5):
        assert sign_in(browser(acme), "alice@acme.example", "wrong", REMOTE_ADDR=f"10.0.0.{last}").status_code == 401
    answer = sign_in(browser(acme), "ALICE@acme.example", REMOTE_ADDR="10.0.0.9")
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_attempts"
    assert 890 <= int(answer["Retry-After"]) <= 901
    assert sign_in(browser(acme), "bob@acme.example", REMOTE_ADDR="10.0.0.1").status_code == 200


def test_five_failures_from_an_address_are_the_limit_whoever_they_are_for(
    browser: Browser, acme: Organization, globex: Organization
) -> None:
    for number in range(5):
        assert sign_in(browser(acme), f"guess{number}@acme.example", "wrong").status_code == 401
    assert sign_in(browser(globex), "carol@globex.example").status_code == 429
    assert sign_in(browser(globex), "carol@globex.example", REMOTE_ADDR="10.0.0.1").status_code == 200


def test_after_fifteen_minutes_it_is_over(browser: Browser, acme: Organization) -> None:
    for _ in range(5):
        sign_in(browser(acme), "alice@acme.example", "wrong")
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=15))
    assert sign_in(browser(acme), "alice@acme.example").status_code == 200


def test_a_success_resets_the_e_mail_and_not_the_address(browser: Browser, acme: Organization) -> None:
    for _ in range(4):
        sign_in(browser(acme), "alice@acme.example", "wrong")
    sign_in(browser(acme), "bob@acme.example", "wrong", REMOTE_ADDR="10.0.0.1")
    assert sign_in(browser(acme), "alice@acme.example").status_code == 200
    assert SignInAttempt.objects.count() == 1  # bob's
    assert sign_in(browser(acme), "alice@acme.example", "wrong").status_code == 401


def test_an_attempt_says_neither_who_nor_where(browser: Browser, acme: Organization) -> None:
    sign_in(browser(acme), "alice@acme.example", "wrong")
    row = SignInAttempt.objects.values().get()
    assert "alice" not in str(row)
    assert "127.0.0.1" not in str(row)
