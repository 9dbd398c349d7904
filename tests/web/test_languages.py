"""Language and time zone of a request: the person's, else the organization's, else the browser's, else Portuguese."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.accounts.receivers import speak_their_language
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import routing
from shared_apps.web.locale import LocaleMiddleware

Api = Callable[[User | None, Organization], APIClient]
ACME = {"host": "acme.localhost"}
PLATFORM = {"host": "localhost"}


@pytest.fixture
def portuguese(acme: Organization) -> Organization:
    Organization.objects.filter(pk=acme.pk).update(locale="pt-br", timezone="America/Rio_Branco")
    routing.forget_everything()
    return acme


def language_of(response: HttpResponse) -> str:
    return response["Content-Language"]


def test_an_organization_speaks_its_language_whatever_the_browser_says(client: Client, portuguese: object) -> None:
    answer = client.get("/nothing-here/", headers={**ACME, "accept-language": "en"})
    assert language_of(answer) == "pt-br"
    assert timezone.get_current_timezone_name() == "America/Rio_Branco"


@pytest.mark.parametrize(
    ("asked", "spoken"), [("en-GB,pt;q=0.4", "en"), ("pt-PT", "pt-br"), ("fr", "pt-br"), ("", "pt-br"), ("*", "pt-br")]
)
def test_the_platform_speaks_the_browsers_language(
    client: Client, db: None, settings: Settings, asked: str, spoken: str
) -> None:
    settings.LANGUAGE_CODE = "pt-br"
    assert language_of(client.get("/nothing-here/", headers={**PLATFORM, "accept-language": asked})) == spoken
    assert timezone.get_current_timezone_name() == "America/Sao_Paulo"


def test_a_strangers_choice_stays_in_this_browser(client: Client, portuguese: object) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/clients/?a=1"}, headers=ACME)
    assert (answer.status_code, answer["Location"]) == (302, "/clients/?a=1")
    assert answer.cookies["language"]["domain"] == ""
    assert language_of(client.get("/nothing-here/", headers=ACME)) == "en"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, acme: Organization, place: str) -> None:
    assert client.post("/language/", {"language": "en", "next": place}, headers=ACME)["Location"] == "/"
    answer = client.post(
        "/language/", {"language": "en"}, headers={**ACME, "referer": "http://acme.localhost/clients/"}
    )
    assert answer["Location"] == "http://acme.localhost/clients/"


@pytest.mark.parametrize("unknown", ["", "tlh", "\x00", "x" * 300])
def test_a_language_nobody_speaks_changes_nothing(client: Client, acme: Organization, unknown: str) -> None:
    answer = client.post("/language/", {"language": unknown}, headers=ACME)
    assert (answer.status_code, "language" in answer.cookies) == (302, False)


def test_a_signed_in_persons_choice_is_kept_for_every_organization(
    pages: Callable[[User, Organization], Client], acme: Organization, alice: User
) -> None:
    pages(alice, acme).post("/language/", {"language": "pt-br"})
    alice.refresh_from_db()
    assert alice.locale == "pt-br"
    elsewhere = pages(alice, acme)
    assert language_of(elsewhere.get("/session/")) == "pt-br"
    elsewhere.cookies["language"] = "en"  # of somebody else, on a shared computer
    assert language_of(elsewhere.get("/session/")) == "pt-br"


def test_a_person_who_signs_in_on_the_platform_brings_their_language(client: Client, dave: User) -> None:
    User.objects.filter(pk=dave.pk).update(locale="pt-br")
    client.force_login(User.objects.get(pk=dave.pk))
    assert language_of(client.get("/nothing-here/", headers=PLATFORM)) == "en"  # an unknown address asks nobody

    def view(request: object) -> HttpResponse:
        speak_their_language(request, User.objects.get(pk=dave.pk))
        return HttpResponse()

    answer = LocaleMiddleware(view)(RequestFactory().get("/"))
    assert (answer.cookies["language"].value, language_of(answer)) == ("pt-br", "pt-br")


def test_the_api_speaks_what_the_program_asks_for(api: Api, portuguese: Organization, bob: User) -> None:
    program = api(bob, portuguese)
    program.cookies["language"] = "en"
    assert language_of(program.get("/api/v1/clients/")) == "pt-br"
    assert language_of(program.get("/api/v1/clients/", headers={"accept-language": "en"})) == "en"


def test_one_statement_finds_the_route_and_none_the_language(
    client: Client, portuguese: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.cookies["language"] = "en"
    with django_assert_num_queries(1):  # routes are not kept inside a test's transaction
        client.get("/nothing-here/", headers=ACME)
    assert translation.get_language() == "en"
