"""A firm asks for a second step from now on: whoever has none is out at once, and sets it up on the way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from rest_framework.test import APIClient

from shared_apps.accounts import second_step
from shared_apps.accounts.models import User
from shared_apps.organizations import members, profile
from shared_apps.organizations.models import Organization
from tests.accounts import codes
from tests.cast import PASSWORD
from tests.organizations.test_page_sessions import ACME, Browser, browser

__all__ = ["browser"]
Pages = Callable[[User | None, Organization], Client]
Api = Callable[[User | None, Organization], APIClient]


def with_app(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def require(organization: Organization, **more: Any) -> None:
    profile.update_security(organization, actor=None, require_mfa=True, **more)


def test_pages_and_tokens_without_a_second_step_end(
    pages: Pages, api: Api, acme: Organization, globex: Organization, alice: User, bob: User, carol: User
) -> None:
    with_app(alice)
    his, hers, program, app = pages(bob, acme), pages(alice, acme), api(bob, acme), api(alice, acme)
    elsewhere = pages(carol, globex)
    require(acme)
    assert his.get("/team/")["Location"].startswith("/sign-in/")
    assert program.get("/api/v1/auth/me/").status_code == 401
    assert hers.get("/team/").status_code == 200
    assert app.get("/api/v1/auth/me/").status_code == 200
    assert elsewhere.get("/team/").status_code == 200


def test_other_firms_of_the_same_person_stay_open(
    pages: Pages, acme: Organization, globex: Organization, bob: User
) -> None:
    members.add_member(globex, bob, role="staff")
    there = pages(bob, globex)
    require(acme)
    assert there.get("/team/").status_code == 200


def test_the_way_in_leads_to_setting_it_up(browser: Browser, bob: User, acme: Organization) -> None:
    browser.sign_in(bob)
    browser.enter(ACME)
    require(acme)
    to_sign_in = browser.at(ACME).get("/team/")["Location"]
    assert browser.get(browser.get(f"http://{ACME}{to_sign_in}")["Location"])["Location"] == "/account/2fa/"


def test_saving_something_else_asks_nobody_anew(pages: Pages, acme: Organization, alice: User) -> None:
    with_app(alice)
    require(acme)
    client = pages(alice, acme)
    profile.update_security(acme, actor=alice, idle_minutes=15)
    assert client.get("/team/").status_code == 200


@pytest.mark.parametrize("is_required", [True, False])
def test_giving_up_the_second_step_ends_it_where_it_is_asked_for(
    pages: Pages, acme: Organization, alice: User, is_required: bool
) -> None:
    with_app(alice)
    if is_required:
        require(acme)
    client = pages(alice, acme)
    second_step.remove_app(alice)
    assert client.get("/team/").status_code == (302 if is_required else 200)


def test_the_page_says_what_will_happen_and_to_how_many(pages: Pages, acme: Organization, alice: User) -> None:
    for number in range(25):
        members.add_member(acme, User.objects.create_user(f"m{number:02}@acme.example"), role="staff")
    text = pages(alice, acme).get("/settings/security/").content.decode()
    assert "27 people have no second step yet. Once you require it, they are signed out" in text
    assert "and 7 more" in text
    assert "That includes you" in text
    with_app(alice)
    assert "That includes you" not in pages(alice, acme).get("/settings/security/").content.decode()


@pytest.mark.django_db(transaction=True)  # what follows is rung after the commit
def test_once_it_is_set_up_one_goes_on_where_one_was_going(browser: Browser, bob: User, acme: Organization) -> None:
    require(acme)
    browser.sign_in(bob)
    platform, page = browser.at("localhost"), "/account/2fa/"
    assert "two-step sign-in. Set it up" not in platform.get(page).content.decode()
    to_platform = browser.at(ACME).get("/sign-in/", {"next": "/clients/"})["Location"]
    assert browser.get(to_platform)["Location"] == page
    text = platform.get(page).content.decode()
    assert "Acme Piscinas asks for two-step sign-in" in text
    assert "Go on to" not in text

    platform.post("/account/reauthenticate/", {"password": PASSWORD})
    platform.get(f"{page}totp/activate/")
    code = codes.code(platform.session["mfa.totp.secret"])
    shown = platform.post(f"{page}totp/activate/", {"code": code}, follow=True).content.decode()
    assert "Unused codes" in shown  # nobody is sent away before they have seen them
    assert "Go on to Acme Piscinas" in shown
    [address] = re.findall(r'class="btn btn-primary" href="(https?://acme[^"]+)"', shown)
    assert "Go on to" not in platform.get("/account/").content.decode()
    entered = browser.get(browser.get(browser.get(address)["Location"])["Location"])
    assert entered["Location"] == "/clients/"
    assert "Go on to" not in platform.get(page).content.decode()
