"""POST refresh/ and logout/: the refresh cookie, its family, and CSRF."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Organization, RefreshSession
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.organizations.browsing import Browser, csrf, me, refresh, sign_in

COOKIE = "colmeia_refresh"


def past_grace() -> None:
    RefreshSession.objects.update(rotated_at=F("rotated_at") - sessions.GRACE)


def test_a_refresh_gives_a_new_access_token_and_a_new_cookie(browser: Browser, acme: Organization) -> None:
    client = browser(acme)
    sign_in(client, "alice@acme.example")
    before = client.cookies[COOKIE].value
    answer = refresh(client)
    assert answer.status_code == 200, answer.content
    assert client.cookies[COOKIE].value != before
    assert me(client, answer.json()["access"]).json()["email"] == "alice@acme.example"
    assert refresh(client).status_code == 200


def test_a_replaced_token_that_comes_again_ends_the_family(browser: Browser, acme: Organization) -> None:
    thief, owner = browser(acme), browser(acme)
    sign_in(owner, "alice@acme.example")
    thief.cookies[COOKIE] = owner.cookies[COOKIE].value
    thief.cookies["csrftoken"] = owner.cookies["csrftoken"].value
    access = refresh(owner).json()["access"]
    past_grace()
    answer = refresh(thief)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert refresh(owner).status_code == 401
    assert me(owner, access).status_code == 401  # at once, not in ten minutes
    assert RefreshSession.objects.get().revoked_for == "reuse"


def test_two_tabs_at_the_same_moment_are_no_thieves(browser: Browser, acme: Organization) -> None:
    one, other = browser(acme), browser(acme)
    sign_in(one, "alice@acme.example")
    other.cookies[COOKIE] = one.cookies[COOKIE].value
    other.cookies["csrftoken"] = one.cookies["csrftoken"].value
    assert refresh(one).status_code == refresh(other).status_code == 200
    assert one.cookies[COOKIE].value == other.cookies[COOKIE].value
    past_grace()
    assert refresh(other).status_code == 200


def test_grace_is_for_the_last_token_only(browser: Browser, acme: Organization) -> None:
    client = browser(acme)
    sign_in(client, "alice@acme.example")
    first = client.cookies[COOKIE].value
    refresh(client)
    refresh(client)
    client.cookies[COOKIE] = first
    assert refresh(client).status_code == 401
    assert RefreshSession.objects.get().revoked_at


def test_a_forged_token_ends_nothing(browser: Browser, acme: Organization) -> None:
    client = browser(acme)
    sign_in(client, "alice@acme.example")
    good = client.cookies[COOKIE].value
    session_id = good.partition(".")[0]
    for forged in [
        "",
        "x",
        "a.b.c",
        f"{session_id}.0.{'A' * 43}",
        good[:-2] + "xx",
        "9" * 500,
        f"{session_id}.0.é",
        "ç.1.2",
    ]:
        client.cookies[COOKIE] = forged
        assert refresh(client).status_code == 401, forged
    client.cookies[COOKIE] = good
    assert refresh(client).status_code == 200


def test_another_organizations_cookie_is_refused_and_lives_on_at_home(
    browser: Browser, acme: Organization, globex: Organization
) -> None:
    at_home, abroad = browser(acme), browser(globex)
    sign_in(at_home, "alice@acme.example")
    abroad.cookies[COOKIE] = at_home.cookies[COOKIE].value
    abroad.cookies["csrftoken"] = at_home.cookies["csrftoken"].value
    assert refresh(abroad).status_code == 401
    assert abroad.post("/api/v1/auth/logout/", **csrf(abroad)).status_code == 204
    assert refresh(at_home).status_code == 200


def test_an_expired_session_is_over(browser: Browser, acme: Organization) -> None:
    client = browser(acme)
    sign_in(client, "alice@acme.example")
    RefreshSession.objects.update(expires_at=timezone.now())
    assert refresh(client).status_code == 401


def test_a_deactivated_member_gets_nothing_new(browser: Browser, acme: Organization, bob: User) -> None:
    client = browser(acme)
    access = sign_in(client, "bob@acme.example").json()["access"]
    with context.enter(acme.schema_name):
        Member.objects.filter(user_id=bob.pk).update(is_active=False)
    assert me(client, access).status_code == 401
    assert refresh(client).status_code == 401


def test_logout_ends_the_family_and_its_access_tokens(browser: Browser, acme: Organization) -> None:
    client, elsewhere = browser(acme), browser(acme)
    access = sign_in(client, "alice@acme.example").json()["access"]
    other = sign_in(elsewhere, "alice@acme.example").json()["access"]
    old = client.cookies[COOKIE].value
    answer = client.post("/api/v1/auth/logout/", **csrf(client))
    assert answer.status_code == 204
    assert answer.cookies[COOKIE].value == ""
    assert me(client, access).status_code == 401
    client.cookies[COOKIE] = old
    assert refresh(client).status_code == 401
    assert me(elsewhere, other).status_code == 200
    assert client.post("/api/v1/auth/logout/", **csrf(client)).status_code == 204


@pytest.mark.parametrize("url", ["/api/v1/auth/refresh/", "/api/v1/auth/logout/"])
def test_the_cookie_alone_is_not_enough(browser: Browser, acme: Organization, url: str) -> None:
    client = browser(acme)
    sign_in(client, "alice@acme.example")
    for headers in [
        {},
        {"HTTP_X_CSRFTOKEN": "0" * 32},
        {"HTTP_X_CSRFTOKEN": ""},
        csrf(client) | {"HTTP_ORIGIN": "http://globex.localhost"},
        csrf(client) | {"HTTP_ORIGIN": "http://evil.example"},
    ]:
        answer = client.post(url, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed"), headers
    assert not RefreshSession.objects.exclude(revoked_at=None).exists()
    assert client.post(url, **csrf(client), HTTP_ORIGIN="http://acme.localhost").status_code in {200, 204}


def test_purging_keeps_what_is_alive(acme: Organization, alice: User) -> None:
    now = timezone.now()
    alive, expired, revoked = (sessions.open_session(alice, acme.pk).session for _ in range(3))
    RefreshSession.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(days=1))
    RefreshSession.objects.filter(pk=revoked.pk).update(revoked_at=now - timedelta(hours=1))
    assert sessions.purge(now) == 2
    assert RefreshSession.objects.get() == alive


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_get_one_successor(browser: Browser, acme: Organization) -> None:
    first = browser(acme)
    sign_in(first, "alice@acme.example")
    barrier, got = threading.Barrier(6), []

    def tab() -> None:
        client = browser(acme)
        client.cookies.load({name: cookie.value for name, cookie in first.cookies.items()})
        barrier.wait()
        try:
            got.append((refresh(client).status_code, client.cookies[COOKIE].value))
        finally:
            connection.close()

    threads = [threading.Thread(target=tab) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6
    assert set(got) == {(200, got[0][1])}
    assert RefreshSession.objects.get().generation == 1
