"""Where I am signed in to an organization, and signing out there."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Organization, RefreshSession
from tests.organizations.browsing import Browser, me, sign_in

SESSIONS = "/api/v1/auth/sessions/"


def test_my_sessions_of_all_kinds_are_listed_and_nobody_elses(
    api: Any, pages: Any, acme: Organization, globex: Organization, alice: User, bob: User
) -> None:
    client = api(alice, acme)
    pages(alice, acme), api(bob, acme), api(alice, globex)
    found = client.get(SESSIONS).json()["sessions"]
    assert sorted((one["kind"], one["current"]) for one in found) == [("api", True), ("pages", False)]


def test_a_session_says_what_it_is_used_from(browser: Browser, acme: Organization, alice: User) -> None:
    client = browser(acme)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    access = sign_in(client, alice.email, HTTP_USER_AGENT=agent).json()["access"]
    one = client.get(SESSIONS, HTTP_AUTHORIZATION=f"Bearer {access}").json()["sessions"][0]
    assert (one["device"], one["address"], one["current"]) == ("Firefox, Linux", "127.0.0.1", True)


def test_ending_one_ends_it_from_the_next_request_on(
    api: Any, browser: Browser, acme: Organization, alice: User
) -> None:
    client, other = api(alice, acme), browser(acme)
    access = sign_in(other, alice.email).json()["access"]
    pk = next(one["id"] for one in client.get(SESSIONS).json()["sessions"] if not one["current"])
    assert client.delete(f"{SESSIONS}{pk}/").status_code == 204
    assert me(other, access).status_code == 401
    assert RefreshSession.objects.get(pk=pk).revoked_for == RefreshSession.Ending.ELSEWHERE
    assert client.delete(f"{SESSIONS}{pk}/").status_code == 404


def test_nobody_ends_anothers(api: Any, acme: Organization, globex: Organization, alice: User, bob: User) -> None:
    client = api(alice, acme)
    for user, organization in ((bob, acme), (alice, globex)):
        session = sessions.open_session(user, organization.pk).session
        assert client.delete(f"{SESSIONS}{session.pk}/").status_code == 404
    assert not RefreshSession.objects.exclude(revoked_at=None).exists()


def test_everywhere_else_leaves_this_one_and_other_firms(
    api: Any, pages: Any, acme: Organization, globex: Organization, alice: User
) -> None:
    client, page = api(alice, acme), pages(alice, acme)
    sessions.open_session(alice, globex.pk)
    assert client.delete(f"{SESSIONS}others/").status_code == 204
    assert client.get(SESSIONS).json()["sessions"][0]["current"]
    assert page.get("/session/").json()["seconds_left"] == 0
    assert RefreshSession.objects.filter(organization=globex, revoked_at=None).exists()
