"""Several firms in one browser: one firm's clock running out leaves those in use alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations import members
from shared_apps.organizations.models import Organization, RefreshSession
from tests.organizations.test_page_sessions import ACME, Browser, browser, seconds_left

__all__ = ["browser"]
GLOBEX = "globex.localhost"


@pytest.fixture
def in_both(browser: Browser, bob: User, globex: Organization) -> Browser:
    members.add_member(globex, bob, role="staff")
    browser.sign_in(bob)
    browser.enter(ACME)
    browser.enter(GLOBEX)
    return browser


def run_out(browser: Browser, organization: Organization) -> None:
    """Nobody used this firm's pages for its idle time; its page goes to the sign-in, as its script does."""
    long_ago = timezone.now() - timedelta(minutes=organization.idle_minutes)
    RefreshSession.objects.filter(organization=organization).update(seen_at=long_ago)
    browser.get(browser.get(f"http://{organization.slug}.localhost/sign-in/?idle=1")["Location"])


def is_signed_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.at("localhost").session


def test_a_firm_in_use_stays_open_and_the_idle_one_asks_anew(in_both: Browser, acme: Organization) -> None:
    run_out(in_both, acme)
    assert in_both.at(GLOBEX).get("/team/").status_code == 200
    assert in_both.at(ACME).get("/team/")["Location"].startswith("/sign-in/")
    assert not is_signed_in(in_both)


def test_a_firm_that_is_idle_by_its_own_clock_closes_too(
    in_both: Browser, acme: Organization, globex: Organization
) -> None:
    long_ago = timezone.now() - timedelta(minutes=globex.idle_minutes)
    RefreshSession.objects.filter(organization=globex).update(seen_at=long_ago)
    run_out(in_both, acme)
    assert not RefreshSession.objects.filter(revoked_at=None).exists()


def test_each_firm_has_its_own_limit(in_both: Browser, acme: Organization, globex: Organization) -> None:
    Organization.objects.filter(pk=globex.pk).update(idle_minutes=acme.idle_minutes * 4)
    RefreshSession.objects.filter(organization=globex).update(
        seen_at=timezone.now() - timedelta(minutes=acme.idle_minutes * 2)
    )
    run_out(in_both, acme)
    assert RefreshSession.objects.get(revoked_at=None).organization == globex


def test_two_tabs_that_leave_at_once_are_both_out(browser: Browser, bob: User, acme: Organization) -> None:
    """Whichever comes to the platform first, and also when the first one's way was broken off."""
    browser.sign_in(bob)
    browser.enter(ACME)
    long_ago = timezone.now() - timedelta(minutes=acme.idle_minutes)
    RefreshSession.objects.filter(organization=acme).update(seen_at=long_ago)
    ways = [browser.get(f"http://{ACME}/sign-in/?idle=1")["Location"] for _tab in range(2)]
    answer = browser.get(ways[1])
    assert answer["Location"].startswith("/sign-in/?next=")
    assert not is_signed_in(browser)
    assert browser.get(ways[0])["Location"].startswith("/sign-in/?next=")
    assert not RefreshSession.objects.filter(revoked_at=None).exists()


def test_an_old_idle_link_does_not_end_a_new_sign_in(browser: Browser, bob: User, acme: Organization) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    run_out(browser, acme)
    browser.sign_in(bob)
    browser.get(browser.get(f"http://{ACME}/sign-in/?idle=1")["Location"])  # the cookie still names the ended one
    assert is_signed_in(browser)


def test_signed_in_again_everything_ends_together_as_before(in_both: Browser, acme: Organization, bob: User) -> None:
    run_out(in_both, acme)
    in_both.sign_in(bob)
    in_both.enter(ACME)
    assert seconds_left(in_both) > 0
    in_both.get(in_both.at(GLOBEX).post("/sign-out/")["Location"])
    assert not is_signed_in(in_both)
    assert in_both.at(ACME).get("/team/")["Location"].startswith("/sign-in/")


def test_what_was_left_open_is_not_given_to_somebody_else(
    in_both: Browser, acme: Organization, globex: Organization, carol: User
) -> None:
    run_out(in_both, acme)
    in_both.sign_in(carol)
    in_both.get(f"http://{GLOBEX}/sign-in/")
    in_both.at("localhost").post("/sign-out/")
    assert RefreshSession.objects.get(revoked_at=None).organization == globex  # bob's, until its own clock
