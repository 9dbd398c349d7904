"""Which host leads where, and what who is not served gets."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, refusals, routing
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.routing import lookup


def status(organization: Organization, value: str) -> None:
    with context.public():
        Organization.objects.filter(pk=organization.pk).update(status=value)


def test_the_platform_host_works_on_public(db: None, client: Client) -> None:
    assert client.get("/where/", headers={"host": "LOCALHOST.:8000"}).json() == {"schema": "public", "slug": None}


@pytest.mark.parametrize("host", ["acme.localhost", "acme.localhost:8000", "ACME.localhost.", "Acme.Localhost.:80"])
def test_an_organization_s_host_works_in_its_schema(acme: Organization, client: Client, host: str) -> None:
    found = client.get("/where/", headers={"host": host}).json()
    assert found == {"schema": acme.schema_name, "slug": "acme"}


def test_each_sees_its_own(acme: Organization, globex: Organization, client: Client) -> None:
    for _ in range(2):
        assert client.get("/members/", headers={"host": "acme.localhost"}).json() == {"names": ["Alice", "Bob"]}
        assert client.get("/members/", headers={"host": "globex.localhost"}).json() == {"names": ["Carol"]}


def test_the_urls_are_the_host_s(acme: Organization, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "config.urls.platform"
    assert client.get("/where/", headers={"host": "acme.localhost"}).status_code == 200
    assert client.get("/where/", headers={"host": "localhost"}).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["", " ", "acme\x00.localhost", "acme.localhost:x", "a b", "../etc", "ação.localhost", "\xff\xfe", "a..localhost"],
)
@pytest.mark.parametrize("path", ["/where/", "/api/v1/where/"])
def test_garbage_is_refused(acme: Organization, client: Client, host: str, path: str) -> None:
    response = client.get(path, HTTP_HOST=host)
    assert response.status_code == 400
    assert ("bad_host" in response.text) is path.startswith("/api/")


@pytest.mark.parametrize("host", ["nobody.localhost", "www.localhost", "evil.example", "127.0.0.1", "[::1]:80"])
def test_nobody_lives_there(acme: Organization, client: Client, host: str) -> None:
    page = client.get("/where/", headers={"host": host, "accept": "text/html", "accept-language": "en"})
    assert page.status_code == 404
    assert page["Content-Type"].startswith("text/html")
    assert '<html lang="en">' in page.text
    assert "Nobody lives at this address" in page.text
    assert "http-equiv" not in page.text
    assert page["Cache-Control"] == "no-store"
    problem = client.get("/api/v1/clients/", headers={"host": host})
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")
    assert problem.json()["code"] == "unknown_host"


@pytest.mark.parametrize(
    ("state", "answer", "code"),
    [
        ("pending", 503, "organization_preparing"),
        ("provisioning", 503, "organization_preparing"),
        ("suspended", 403, "organization_suspended"),
        ("archived", 410, "organization_archived"),
        ("deleting", 410, "organization_deleting"),
        ("unheard-of", 503, "temporarily_unavailable"),
    ],
)
def test_each_state_has_a_page_and_a_problem(
    acme: Organization, client: Client, state: str, answer: int, code: str
) -> None:
    status(acme, state)
    page = client.get("/where/", headers={"host": "acme.localhost", "accept-language": "en"})
    assert page.status_code == answer
    assert "Acme Piscinas" in page.text
    assert ("Retry-After" in page) is ("http-equiv" in page.text) is (answer == 503)
    for response in (
        client.post("/api/v1/where/", headers={"host": "acme.localhost"}),
        client.get("/where/", headers={"host": "acme.localhost", "accept": "application/json"}),
    ):
        assert response.status_code == answer
        assert response["Content-Type"] == "application/problem+json"
        problem = json.loads(response.content)
        assert problem["code"] == code
        assert problem["type"] == f"urn:colmeia:problem:{code}"
        assert problem["status"] == answer
        assert ("Retry-After" in response) is (answer == 503)


def test_a_schema_behind_its_migrations_waits(acme: Organization, client: Client) -> None:
    with context.enter(acme.schema_name, with_public=False), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'clients'")
    with context.public():
        Schema.objects.filter(name=acme.schema_name).update(head="older")
    response = client.get("/api/v1/where/", headers={"host": "acme.localhost"})
    assert (response.status_code, response.json()["code"]) == (503, "organization_lagging")
    assert int(response["Retry-After"]) > 0


def test_names_are_escaped(acme: Organization, client: Client) -> None:
    with context.public():
        Organization.objects.filter(pk=acme.pk).update(name="<script>alert(1)</script>", status="suspended")
    assert "<script>" not in client.get("/where/", headers={"host": "acme.localhost"}).text


def test_the_page_speaks_portuguese_when_asked(db: None, client: Client) -> None:
    page = client.get("/where/", headers={"host": "nobody.localhost", "accept-language": "pt-BR,en;q=0.5"})
    assert '<html lang="pt-br">' in page.text
    assert "Ninguém mora neste endereço" in page.text


def test_every_refusal_is_translated_and_compiled() -> None:
    found = [value for value in vars(refusals).values() if isinstance(value, refusals.Refusal)]
    assert len(found) >= 8
    for refusal in found:
        for text in (refusal.title, refusal.detail):
            with translation.override("en"):
                source = str(text)
            with translation.override("pt-br"):
                assert str(text) != source


def test_the_database_away_is_503(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")  # nobody listens there
    with ThreadPoolExecutor(1) as thread:  # it connects for itself
        response = thread.submit(client.get, "/api/v1/where/", headers={"host": "acme.localhost"}).result()
        page = thread.submit(client.get, "/where/", headers={"host": "acme.localhost"}).result()
    assert (response.status_code, response.json()["code"]) == (503, "temporarily_unavailable")
    assert page.status_code == 503
    assert page["Retry-After"]


def test_a_storm_of_unknown_hosts_is_503_for_those_not_known(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "UNKNOWN_PER_SECOND", 0.0)
    assert client.get("/where/", headers={"host": "nobody.localhost"}).status_code == 503


def test_warm_requests_ask_nothing_of_the_database(
    acme: Organization, client: Client, django_assert_num_queries: Any
) -> None:
    route = lookup.by_host("acme.localhost")
    assert route is not None
    routing._hosts.put("acme.localhost", route, 60)
    with django_assert_num_queries(0):
        assert client.get("/where/", headers={"host": "acme.localhost"}).json()["slug"] == "acme"
    with django_assert_num_queries(1):
        client.get("/members/", headers={"host": "acme.localhost"})


def test_nothing_stays_chosen_after_a_crash(acme: Organization, client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/crash/", headers={"host": "acme.localhost"}).status_code == 500
