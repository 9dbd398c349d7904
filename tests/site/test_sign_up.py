"""From nothing to a firm of one's own, through the platform's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import SignIn, User
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Membership, Organization
from shared_apps.site import services
from tests.cast import PASSWORD

EMAIL_TAKEN = "This e-mail has an account already. Sign in with it, then open the firm."
GIVEN = {
    "firm": "Águas Claras",
    "slug": "aguas-claras",
    "name": "Maria da Silva",
    "email": "maria@aguas.example",
    "password": "correct-horse-battery",
}


@pytest.fixture
def visitor(cast: object) -> Iterator[Client]:
    cache.clear()  # allauth counts attempts there
    yield Client(HTTP_HOST="localhost")
    cache.clear()


def sign_up(visitor: Client, **changed: str) -> Any:
    return visitor.post("/sign-up/", {**GIVEN, **changed})


def test_a_firm_from_nothing_to_its_own_page(visitor: Client) -> None:
    answer = sign_up(visitor)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-up/aguas-claras/")
    assert "Águas Claras" in visitor.get("/sign-up/aguas-claras/").content.decode()
    opened = visitor.post("/sign-up/aguas-claras/open/", headers={"HX-Request": "true"})
    assert opened["HX-Redirect"].endswith("aguas-claras.localhost/sign-in/")
    organization = Organization.objects.get(slug="aguas-claras")
    assert organization.status == Organization.Status.ACTIVE
    owner = Membership.objects.get(organization=organization)
    assert (owner.role, owner.user.email, owner.user.name) == ("owner", "maria@aguas.example", "Maria da Silva")
    assert SignIn.objects.get(user=owner.user).method == "sign_up"
    assert [(one.template, one.to) for one in Mail.objects.all()] == [("accounts/verify_email", "maria@aguas.example")]


def test_pressing_twice_makes_one_firm(visitor: Client) -> None:
    sign_up(visitor)
    again = Client(HTTP_HOST="localhost").post("/sign-up/", GIVEN)
    assert again["Location"] == "/sign-up/aguas-claras/"
    assert Organization.objects.filter(slug="aguas-claras").count() == 1
    assert User.objects.filter(email="maria@aguas.example").count() == 1


def test_an_address_taken_in_between_keeps_what_was_typed_and_offers_others(visitor: Client) -> None:
    answer = sign_up(visitor, slug="acme")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "acme-piscinas" in text
    assert 'value="Maria da Silva"' in text
    assert not User.objects.filter(email="maria@aguas.example").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Não Pode"),
        ("slug", "admin"),
        ("password", "password123"),
        ("password", "short"),
        ("email", "nobody"),
        ("email", "alice@acme.example"),
        ("firm", " "),
        ("firm", "a\u202eb"),
        ("name", ""),
    ],
)
def test_what_is_not_right_is_said_beside_the_field(visitor: Client, field: str, value: str) -> None:
    answer = sign_up(visitor, **{field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert not Organization.objects.filter(slug="aguas-claras").exists()


def test_somebody_with_an_account_opens_another_firm(visitor: Client, carol: User) -> None:
    visitor.force_login(carol, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "id_password" not in visitor.get("/sign-up/").content.decode()
    answer = visitor.post("/sign-up/", {"firm": "Globex Sul", "slug": "globex-sul"})
    assert answer["Location"] == "/sign-up/globex-sul/"
    assert Membership.objects.get(organization__slug="globex-sul").user == carol


def test_nobody_opens_or_sees_anothers_firm(visitor: Client, carol: User) -> None:
    sign_up(visitor)
    other = Client(HTTP_HOST="localhost")
    other.force_login(carol, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert other.get("/sign-up/aguas-claras/").status_code == 404
    assert other.post("/sign-up/aguas-claras/open/").status_code == 404
    assert Client(HTTP_HOST="localhost").get("/sign-up/aguas-claras/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [("acme", "taken"), ("aguas-claras", "free"), ("www", "reserved"), ("a--b", "single hyphens")],
)
def test_the_address_is_checked_as_it_is_typed(visitor: Client, typed: str, said: str) -> None:
    assert said in visitor.get("/sign-up/slug/", {"slug": typed}).content.decode()


def test_the_firms_name_fills_an_empty_address_with_one_that_is_free(visitor: Client) -> None:
    def filled(**asked: str) -> list[str]:
        return re.findall(
            r'data-fills-now="id_slug" data-value="([^"]*)"', visitor.get("/sign-up/slug/", asked).content.decode()
        )

    assert filled(firm="Águas Claras", slug="") == ["aguas-claras"]
    assert filled(firm="Acme", slug="")[0].startswith("acme-")
    assert filled(firm="Acme", slug="mine") == filled(firm="", slug="") == []


def test_a_refused_sign_up_says_of_the_address_too_whether_it_is_free(visitor: Client) -> None:
    answer = sign_up(visitor, slug="acme", password="short")
    assert "load" in re.findall(r'hx-get="/sign-up/slug/" hx-trigger="([^"]*)"', answer.content.decode())[0]


def test_an_address_is_made_of_the_firms_name() -> None:
    assert services.slug_from("Águas & Cia. Ltda — São José") == "aguas-cia-ltda-sao-jose"
    assert services.slug_from("日本") == ""


def test_one_firm_is_entered_at_once_and_several_are_offered(
    visitor: Client, alice: User, globex: Organization
) -> None:
    visitor.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert visitor.get("/organizations/")["Location"].endswith("acme.localhost/sign-in/")
    Membership.objects.create(organization=globex, user=alice)
    text = visitor.get("/organizations/").content.decode()
    assert "Acme Piscinas" in text
    assert "Globex Piscinas" in text


def test_who_has_no_firm_is_told_what_to_do(visitor: Client, dave: User) -> None:
    visitor.force_login(dave, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "dave@nowhere.example" in visitor.get("/organizations/").content.decode()


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=1)])
def test_signing_up_again_is_no_way_in(visitor: Client, carol: User, age: timedelta) -> None:
    """Not with the right password either: a sign-in asks for the second step and counts its failures, this does not."""
    User.objects.filter(pk=carol.pk).update(created_at=timezone.now() - age)
    answer = sign_up(visitor, email=carol.email, slug="globex", password=PASSWORD)
    assert "_auth_user_id" not in visitor.session
    if age:
        assert answer.status_code == 422
        wrong = sign_up(visitor, email=carol.email, slug="globex", password="another-horse-battery")
        assert [form.context["form"].errors for form in (answer, wrong)] == [{"email": [EMAIL_TAKEN]}] * 2
