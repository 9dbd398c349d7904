"""Accepting an invitation, by everybody who may hold its link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import SignIn, User
from shared_apps.mail.models import Mail
from shared_apps.organizations import invitations
from shared_apps.organizations.models import Invitation, Membership, Organization

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEW = {"name": "Nina Reis", "password": "correct-horse-battery"}


@pytest.fixture
def visitor(cast: object) -> Iterator[Client]:
    cache.clear()
    yield Client(HTTP_HOST="localhost")
    cache.clear()


def link(organization: Organization, email: str) -> str:
    return f"/invitations/?token={invitations.invite(organization, email=email, role='staff')[1]}"


def test_somebody_new_comes_in(visitor: Client, acme: Organization) -> None:
    address = link(acme, "nina@acme.example")
    page = visitor.get(address)
    assert "Acme Piscinas" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"  # "no-referrer" would have the form's Origin say null
    answer = visitor.post(address, NEW)
    assert answer["Location"].endswith("acme.localhost/sign-in/")
    nina = User.objects.get(email="nina@acme.example")
    assert Membership.objects.get(user=nina).role == "staff"
    assert nina.emailaddress_set.get().verified
    assert SignIn.objects.get(user=nina).method == "invitation"
    assert Invitation.objects.get().accepted_by == nina


def test_somebody_with_an_account_accepts(visitor: Client, acme: Organization, dave: User) -> None:
    address = link(acme, dave.email)
    assert "Sign in and accept" in visitor.get(address).content.decode()
    assert "id_password" not in visitor.post(address, NEW).content.decode()
    assert dave.check_password("correct-horse-battery")
    visitor.force_login(dave, backend=BACKEND)
    assert visitor.post(address)["Location"].endswith("acme.localhost/sign-in/")
    assert Membership.objects.get(user=dave).organization == acme


def test_anothers_invitation_is_not_accepted(visitor: Client, acme: Organization, carol: User) -> None:
    address = link(acme, "nina@acme.example")
    visitor.force_login(carol, backend=BACKEND)
    assert "carol@globex.example" in visitor.get(address).content.decode()
    assert visitor.post(address).status_code == 403
    assert not Membership.objects.filter(user=carol, organization=acme).exists()


def test_a_link_works_once_and_in_time(visitor: Client, acme: Organization) -> None:
    address = link(acme, "nina@acme.example")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    late = visitor.get(address)
    assert (late.status_code, "expired" in late.content.decode()) == (410, True)
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    visitor.post(address, NEW)
    assert Client(HTTP_HOST="localhost").get(address).status_code == 410
    assert visitor.get("/invitations/?token=made-up").status_code == 410
    assert visitor.get("/invitations/").status_code == 410


def test_a_suspended_firm_takes_nobody_in(visitor: Client, acme: Organization) -> None:
    address = link(acme, "nina@acme.example")
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    assert visitor.post(address, NEW).status_code == 410


def test_a_weak_password_is_said_beside_the_field(visitor: Client, acme: Organization) -> None:
    answer = visitor.post(link(acme, "nina@acme.example"), {**NEW, "password": "password123"})
    assert answer.status_code == 422
    assert 'id="id_password-error"' in answer.content.decode()
    assert not User.objects.filter(email="nina@acme.example").exists()


@pytest.mark.parametrize("email", ["alice@acme.example", "nobody@nowhere.example"])
def test_asking_where_one_works_tells_the_page_nothing(visitor: Client, email: str) -> None:
    assert visitor.post("/find/", {"email": email})["Location"] == "/find/sent/"
    mail = Mail.objects.get(to=email)
    assert [firm["name"] for firm in mail.context["firms"]] == (["Acme Piscinas"] if "alice" in email else [])


def test_asking_again_and_again_is_slowed_down(visitor: Client) -> None:
    answers = {visitor.post("/find/", {"email": "alice@acme.example"}).status_code for _try in range(30)}
    assert answers == {302, 429}


def test_the_mail_leads_to_the_firm_s_own_host(visitor: Client, acme: Organization, globex: Organization) -> None:
    invitations.invite_by_mail(acme, email="nina@acme.example", role="staff")
    address = urlsplit(Mail.objects.get(template="organizations/invitation").context["link"])
    assert address.hostname == "acme.localhost"
    path = f"{address.path}?{address.query}"
    onwards = Client(HTTP_HOST="acme.localhost").get(path)
    assert (onwards.status_code, onwards["Referrer-Policy"]) == (302, "no-referrer")
    there = urlsplit(onwards["Location"])
    assert there.hostname == "localhost"
    assert "Acme Piscinas" in visitor.get(f"{there.path}?{there.query}").content.decode()
    assert Client(HTTP_HOST="globex.localhost").get(path).status_code == 410
    assert Client(HTTP_HOST="acme.localhost").get("/invitations/").status_code == 410
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client(HTTP_HOST="acme.localhost").get(path).status_code == 410
