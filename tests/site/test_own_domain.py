"""A firm with a domain of its own: people are led there, and the hand-over works there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from shared_apps.accounts.models import User
from shared_apps.mail.models import Mail
from shared_apps.organizations import domains, invitations
from shared_apps.organizations.models import Domain, Membership, Organization
from shared_apps.site import services
from tests.organizations.test_page_sessions import Browser, browser

__all__ = ["browser"]
OWN = "clientes.acme.com.br"
NEW = {"name": "Nina Reis", "password": "correct-horse-battery"}


@pytest.fixture
def own(acme: Organization) -> Organization:
    cache.clear()
    Domain.objects.bulk_create([Domain(domain=OWN, tenant=acme, kind=Domain.Kind.CUSTOM, is_primary=False)])
    domains.make_primary(acme, OWN)
    return acme


def leads_to(answer: Any) -> str:
    """Where an answer sends the browser: a Refresh, since a form's answer may not redirect to a host of others."""
    return re.sub(r"^0; url=", "", answer["Refresh"])


def test_an_invitation_ends_on_the_own_domain(browser: Browser, own: Organization) -> None:
    invitations.invite_by_mail(own, email="nina@acme.example", role="admin")
    link = urlsplit(Mail.objects.get().context["link"])
    address = leads_to(browser.at("localhost").post(f"{link.path}?{link.query}", NEW))
    assert re.fullmatch(rf"https?://{OWN}(:\d+)?/sign-in/", address)
    to_platform = browser.get(address)["Location"]
    entered = browser.get(leads_to(browser.get(to_platform)))
    assert (entered.status_code, entered["Location"]) == (302, "/")
    assert browser.at(OWN).get("/team/").status_code == 200
    assert Membership.objects.filter(user__email="nina@acme.example", organization=own).exists()


def test_the_page_of_a_new_firm_and_the_choice_lead_there(browser: Browser, own: Organization, alice: User) -> None:
    browser.sign_in(alice)
    for path in ("/sign-up/acme/", "/organizations/"):
        assert OWN in leads_to(browser.at("localhost").get(path)), path


def test_mails_name_it(own: Organization, bob: User) -> None:
    services.tell_firms(bob.email)
    assert OWN in str(Mail.objects.get().context["firms"])


def test_the_subdomain_goes_on_working(browser: Browser, own: Organization, bob: User) -> None:
    browser.sign_in(bob)
    browser.enter("acme.localhost")
    assert browser.at("acme.localhost").get("/team/").status_code == 200


def test_a_name_that_is_given_up_is_named_no_more(own: Organization, alice: User) -> None:
    claim = own.domain_claims.create(domain=OWN, token="t", claimed_by=alice)
    domains.give_up_domain(claim)
    assert domains.address_of(own).partition("://")[2].startswith("acme.localhost")
