"""Signing in on pages: the way from the platform to an organization's host, and when a session holds no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import members
from shared_apps.organizations.models import HandOver, Membership, Organization, RefreshSession
from shared_apps.tenancy import context, routing

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Pages = Callable[[User | None, Organization], Client]


class Browser:
    """One browser: a jar of cookies for each host, as browsers keep them."""

    def __init__(self) -> None:
        self.jars: dict[str, Client] = {}

    def at(self, host: str) -> Client:
        return self.jars.setdefault(host, Client(HTTP_HOST=host, HTTP_USER_AGENT=FIREFOX))

    def get(self, address: str, host: str = "") -> Any:
        parts = urlsplit(address)
        return self.at(host or parts.hostname or "").get(f"{parts.path}?{parts.query}")

    def sign_in(self, user: User) -> None:
        self.at("localhost").force_login(user, backend=BACKEND)

    def token_address(self, host: str) -> str:
        """Both halves of the way but the last step: where the platform sends the browser."""
        to_platform = self.get(f"http://{host}/sign-in/?next=/here/")
        return str(self.get(to_platform["Location"])["Location"])

    def enter(self, host: str) -> Any:
        return self.get(self.token_address(host))


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ACME = "acme.localhost"


@pytest.fixture
def browser(cast: object) -> Browser:
    routing.clear()
    return Browser()


def seconds_left(browser: Browser, host: str = ACME) -> int:
    return int(browser.at(host).get("/session/").json()["seconds_left"])


def test_a_member_comes_in_and_goes_where_they_wanted(browser: Browser, bob: User) -> None:
    browser.sign_in(bob)
    answer = browser.enter(ACME)
    assert (answer.status_code, answer["Location"]) == (302, "/here/")
    assert answer["Referrer-Policy"] == "no-referrer"
    cookie = answer.cookies[settings.PAGE_SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["domain"] == ""
    session = RefreshSession.objects.get(user=bob, kind="pages")
    assert session.device == "Firefox, Linux"
    assert seconds_left(browser) > 0


def test_who_is_not_signed_in_on_the_platform_signs_in_there_first(browser: Browser) -> None:
    answer = browser.get(browser.get(f"http://{ACME}/sign-in/")["Location"])
    assert answer["Location"].startswith("/sign-in/?next=%2Fgo%2F")


def test_a_token_works_once(browser: Browser, bob: User) -> None:
    browser.sign_in(bob)
    address = browser.token_address(ACME)
    state = browser.at(ACME).cookies[settings.HAND_OVER_COOKIE].value
    assert browser.get(address).status_code == 302
    browser.at(ACME).cookies[settings.HAND_OVER_COOKIE] = state
    again = browser.get(address)
    assert again.status_code == 403
    assert "Sign in again" in again.content.decode()
    assert RefreshSession.objects.filter(user=bob, kind="pages").count() == 1


def test_a_token_works_in_the_browser_that_asked_for_it_only(browser: Browser, bob: User) -> None:
    """Mallory may send his own link: nobody else's browser is signed in as him by it."""
    browser.sign_in(bob)
    address = browser.token_address(ACME)
    victim = Browser()
    assert victim.get(address).status_code == 403
    victim.get(f"http://{ACME}/sign-in/")
    assert victim.get(address).status_code == 403
    assert browser.get(address).status_code == 302


def test_a_token_works_on_its_host_only(browser: Browser, alice: User, globex: Organization) -> None:
    Membership.objects.create(organization=globex, user=alice)
    browser.sign_in(alice)
    address = browser.token_address(ACME)
    browser.get("http://globex.localhost/sign-in/")
    browser.at("globex.localhost").cookies[settings.HAND_OVER_COOKIE] = (
        browser.at(ACME).cookies[settings.HAND_OVER_COOKIE].value
    )
    assert browser.get(address, host="globex.localhost").status_code == 403
    assert browser.get(address).status_code == 302


def test_a_token_works_for_a_minute_only(browser: Browser, bob: User) -> None:
    browser.sign_in(bob)
    address = browser.token_address(ACME)
    HandOver.objects.update(expires_at=timezone.now())
    assert browser.get(address).status_code == 403


@pytest.mark.parametrize("name", ["carol", "dave"])
def test_who_is_no_member_gets_no_token(browser: Browser, name: str, request: pytest.FixtureRequest) -> None:
    browser.sign_in(request.getfixturevalue(name))
    answer = browser.get(browser.get(f"http://{ACME}/sign-in/")["Location"])
    assert answer.status_code == 403
    assert "Acme" not in answer.content.decode()
    assert HandOver.objects.count() == 0


def test_a_membership_lost_on_the_way_counts(browser: Browser, bob: User, acme: Organization) -> None:
    browser.sign_in(bob)
    address = browser.token_address(ACME)
    members.deactivate_member(Membership.objects.get(user=bob, organization=acme))
    assert browser.get(address).status_code == 403


def test_an_organization_that_requires_a_second_factor_sends_to_set_it_up(
    browser: Browser, bob: User, acme: Organization
) -> None:
    Organization.objects.filter(pk=acme.pk).update(require_mfa=True)
    browser.sign_in(bob)
    answer = browser.get(browser.get(f"http://{ACME}/sign-in/")["Location"])
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_elsewhere(browser: Browser, bob: User, where: str) -> None:
    browser.sign_in(bob)
    to_platform = browser.at(ACME).get("/sign-in/", {"next": where})["Location"]
    assert parse_qs(urlsplit(to_platform).query)["next"] == ["/"]
    entered = browser.get(browser.get(to_platform)["Location"] + f"&next={where}")
    assert entered["Location"] == "/"


def test_signing_out_ends_the_siblings_and_the_platform(browser: Browser, alice: User, globex: Organization) -> None:
    members.add_member(globex, alice, role="staff")
    browser.sign_in(alice)
    browser.enter(ACME)
    browser.enter("globex.localhost")
    away = browser.at(ACME).post("/sign-out/")
    assert seconds_left(browser, "globex.localhost") == 0
    assert browser.at(ACME).cookies[settings.PAGE_SESSION_COOKIE].value == ""
    browser.get(away["Location"])
    assert "_auth_user_id" not in browser.at("localhost").session


def test_a_sign_out_of_somebody_elses_session_is_not_ours(browser: Browser, alice: User, bob: User) -> None:
    browser.sign_in(alice)
    other = Browser()
    other.sign_in(bob)
    other.enter(ACME)
    browser.get(other.at(ACME).post("/sign-out/")["Location"])
    assert "_auth_user_id" in browser.at("localhost").session


def test_signing_out_on_the_platform_ends_the_pages(browser: Browser, bob: User) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    browser.at("localhost").post("/sign-out/")
    assert seconds_left(browser) == 0


def test_a_session_ends_when_nobody_uses_it(pages: Pages, bob: User, acme: Organization) -> None:
    client = pages(bob, acme)
    session = RefreshSession.objects.get(user=bob, kind="pages")
    assert client.post("/session/").json() == {"seconds_left": acme.idle_minutes * 60}
    RefreshSession.objects.filter(pk=session.pk).update(seen_at=timezone.now() - timedelta(minutes=acme.idle_minutes))
    assert client.get("/session/").json() == {"seconds_left": 0}
    assert client.post("/session/").status_code == 401


def test_asking_is_no_use(pages: Pages, bob: User, acme: Organization) -> None:
    client = pages(bob, acme)
    then = timezone.now() - timedelta(minutes=30)
    RefreshSession.objects.filter(user=bob).update(seen_at=then)
    assert 1700 < client.get("/session/").json()["seconds_left"] <= 1800
    assert RefreshSession.objects.get(user=bob).seen_at == then


def test_a_page_session_is_nothing_elsewhere(
    pages: Pages, alice: User, acme: Organization, globex: Organization
) -> None:
    """Not on another organization's host, even where she is a member; not at the API."""
    members.add_member(globex, alice, role="owner")
    cookie = pages(alice, acme).cookies[settings.PAGE_SESSION_COOKIE].value
    stolen = pages(None, globex)
    stolen.cookies[settings.PAGE_SESSION_COOKIE] = cookie
    assert stolen.get("/session/").json() == {"seconds_left": 0}
    assert pages(alice, acme).get("/api/v1/auth/me/").status_code == 401


@pytest.mark.parametrize("cookie", ["x", "a:b:c", "é", "W10:1:1", "x" * 5000])
def test_a_forged_cookie_is_nobody(pages: Pages, acme: Organization, cookie: str) -> None:
    client = pages(None, acme)
    client.cookies[settings.PAGE_SESSION_COOKIE] = cookie
    assert client.get("/session/").json() == {"seconds_left": 0}


def test_knowing_who_it_is_takes_one_statement(pages: Pages, bob: User, acme: Organization) -> None:
    client = pages(bob, acme)
    client.get("/session/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/session/")
    assert len([one for one in queries if "team_member" in one["sql"]]) == 1
    assert len(queries) <= 2  # and the search path


def test_a_new_password_ends_every_session(pages: Pages, bob: User, acme: Organization) -> None:
    from allauth.account.signals import password_changed

    client = pages(bob, acme)
    password_changed.send(User, request=None, user=bob)
    assert client.post("/session/").status_code == 401


def test_a_session_does_not_outlive_its_time(pages: Pages, bob: User, acme: Organization) -> None:
    client = pages(bob, acme)
    RefreshSession.objects.filter(user=bob).update(expires_at=timezone.now())
    assert client.post("/session/").status_code == 401


def test_old_offers_are_cleared_away(browser: Browser, bob: User, acme: Organization) -> None:
    browser.sign_in(bob)
    browser.token_address(ACME)
    HandOver.objects.update(expires_at=timezone.now() - timedelta(days=2))
    browser.token_address(ACME)
    assert HandOver.objects.count() == 1


def test_the_hash_and_not_the_key_is_kept(browser: Browser, bob: User) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    key = browser.at("localhost").session.session_key
    assert RefreshSession.objects.get(user=bob).platform_session == hash_of(key)
    with context.public():
        assert not HandOver.objects.filter(platform_session=key).exists()


def test_a_token_for_no_state_at_all_opens_nothing(browser: Browser, bob: User) -> None:
    """Anybody can hash the empty string. A browser that never asked to sign in is not signed in as the link's maker."""
    browser.sign_in(bob)
    nothing = hash_of("")
    address = browser.get(f"http://localhost/go/?host={ACME}&state={nothing}")["Location"]
    victim = Browser()
    assert victim.get(address).status_code == 403
    assert settings.PAGE_SESSION_COOKIE not in victim.at(ACME).cookies
    assert not RefreshSession.objects.filter(user=bob, kind="pages").exists()


@pytest.mark.parametrize("claim", ["1", "x:y:z", "é"])
def test_no_link_signs_anybody_out(browser: Browser, bob: User, claim: str) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    browser.at("localhost").get("/go/", {"host": ACME, "state": "x", "idle": claim})
    browser.at("localhost").get("/signed-out/", {"ended": claim})
    browser.at(ACME).get("/sign-in/", {"idle": "1"})  # he has been busy all the time
    assert "_auth_user_id" in browser.at("localhost").session
    assert seconds_left(browser) > 0


def test_who_was_away_too_long_signs_in_anew(browser: Browser, bob: User, acme: Organization) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    long_ago = timezone.now() - timedelta(minutes=acme.idle_minutes)
    RefreshSession.objects.filter(user=bob).update(seen_at=long_ago)
    answer = browser.get(browser.get(f"http://{ACME}/sign-in/?idle=1")["Location"])
    assert answer["Location"].startswith("/sign-in/?next=%2Fgo%2F")
    assert "idle" not in answer["Location"]  # once signed in again, it counts no more
    assert "_auth_user_id" not in browser.at("localhost").session
    assert RefreshSession.objects.get(user=bob).revoked_for == RefreshSession.Ending.IDLE
