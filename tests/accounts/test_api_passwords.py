"""A new password and a proven address, through the API."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization, RefreshSession
from tests.accounts.codes import with_app
from tests.cast import PASSWORD
from tests.mail.sending import deliver_all
from tests.organizations.browsing import Browser, sign_in

AUTH = "/api/v1/auth/"
NEW = "a-short-sentence-works"


def sent() -> str:
    deliver_all()
    assert len(mail.outbox) == 1
    return str(mail.outbox[0].body)


def link() -> tuple[str, str, str]:
    """Host, uid and token of the mail."""
    found = re.search(r"https://([^/]+)/account/password/reset/key/([^/]+?)-([^/]+)/", sent())
    assert found, sent()
    return found[1], found[2], found[3]


def test_a_changed_password_ends_every_other_sign_in(
    api: Any, pages: Any, browser: Browser, acme: Organization, alice: User
) -> None:
    client, page, platform = api(alice, acme), pages(alice, acme), Client(HTTP_HOST="localhost")
    platform.post("/sign-in/", {"login": alice.email, "password": PASSWORD})
    assert platform.get("/account/").status_code == 200
    answer = client.post(f"{AUTH}password/change/", {"old_password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 204, answer.content
    assert client.get(f"{AUTH}me/").status_code == 200
    assert page.get("/session/").json()["seconds_left"] == 0
    assert platform.get("/account/").status_code == 302
    assert sign_in(browser(acme), alice.email).status_code == 401
    assert sign_in(browser(acme), alice.email, NEW).status_code == 200


@pytest.mark.parametrize("new", ["short", "password123", "12345678901", "alice@acme.example"])
def test_a_weak_password_is_refused_by_name(api: Any, acme: Organization, alice: User, new: str) -> None:
    answer = api(alice, acme).post(f"{AUTH}password/change/", {"old_password": PASSWORD, "new_password": new})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "new_password"


def test_the_old_password_is_not_to_be_guessed(api: Any, acme: Organization, alice: User) -> None:
    client = api(alice, acme)
    for _ in range(5):
        answer = client.post(f"{AUTH}password/change/", {"old_password": "wrong", "new_password": NEW})
        assert answer.json()["errors"][0]["field"] == "old_password"
    again = client.post(f"{AUTH}password/change/", {"old_password": PASSWORD, "new_password": NEW})
    assert again.status_code == 429


def test_a_forgotten_password_is_replaced_with_what_the_mail_holds(
    browser: Browser, acme: Organization, alice: User
) -> None:
    client = browser(acme)
    sign_in(client, alice.email)
    with_app(alice)
    assert client.post(f"{AUTH}password/reset/", {"email": "Alice@acme.example"}).status_code == 202
    host, uid, token = link()
    assert host == "localhost"
    weak = client.post(f"{AUTH}password/reset/confirmation/", {"uid": uid, "token": token, "new_password": "short"})
    assert weak.json()["errors"][0]["field"] == "new_password"
    given = {"uid": uid, "token": token, "new_password": NEW}
    assert client.post(f"{AUTH}password/reset/confirmation/", given).status_code == 204
    assert not RefreshSession.objects.filter(revoked_at=None).exists()
    again = client.post(f"{AUTH}password/reset/confirmation/", given)
    assert again.json()["code"] == "link_dead"
    assert sign_in(client, alice.email, NEW).json()["code"] == "mfa_required"  # the second step stays


def test_the_answer_tells_nobody_who_has_an_account(browser: Browser, acme: Organization, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    for email in (alice.email, "nobody@acme.example"):
        answer = browser(acme).post(f"{AUTH}password/reset/", {"email": email})
        assert (answer.status_code, answer.content) == (202, b"")
    deliver_all()
    assert mail.outbox == []


def test_asking_too_often_is_slowed_down_for_all_hosts(
    browser: Browser, acme: Organization, globex: Organization, alice: User
) -> None:
    for number in range(5):
        organization = (acme, globex)[number % 2]
        assert browser(organization).post(f"{AUTH}password/reset/", {"email": alice.email}).status_code == 202
    answer = browser(globex).post(f"{AUTH}password/reset/", {"email": alice.email})
    assert answer.status_code == 429
    assert answer["Retry-After"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"uid": "x", "token": "y", "new_password": NEW},
        {"uid": "é" * 40, "token": "\u0000", "new_password": NEW},
        {"uid": "0" * 32, "token": "a-b", "new_password": NEW},
        {"uid": 7, "token": [], "new_password": None},
    ],
)
def test_a_link_that_is_none_gets_a_clear_no(browser: Browser, acme: Organization, body: object) -> None:
    answer = browser(acme).post(f"{AUTH}password/reset/confirmation/", body)
    assert answer.status_code == 422, answer.content


def test_an_address_is_proven_by_its_link(api: Any, browser: Browser, acme: Organization, alice: User) -> None:
    client = api(alice, acme)
    assert client.post(f"{AUTH}email/verification/").status_code == 202
    found = re.search(r"https://localhost/account/confirm-email/([^/\s]+)/", sent())
    assert found, sent()
    for status in (204, 422):
        assert browser(acme).post(f"{AUTH}email/confirmation/", {"key": found[1]}).status_code == status
    assert EmailAddress.objects.get(user=alice).verified
    assert client.post(f"{AUTH}email/verification/").status_code == 202
    deliver_all()
    assert len(mail.outbox) == 1
    assert browser(acme).post(f"{AUTH}email/confirmation/", {"key": "nonsense"}).json()["code"] == "link_dead"
