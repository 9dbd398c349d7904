"""Own domains through the API: for owners, and for nobody of another organization."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import members
from shared_apps.organizations.models import Domain, DomainClaim, Membership, Organization
from tests.organizations.test_domain_pages import Everything, _resolver

__all__ = ["_resolver"]
DOMAINS = "/api/v1/domains/"
NAME = "clientes.acme.com.br"


@pytest.fixture
def owner(api: Any, alice: User, acme: Organization) -> APIClient:
    client: APIClient = api(alice, acme)
    return client


def claim(client: APIClient, name: str = NAME, **headers: Any) -> Any:
    return client.post(DOMAINS, {"domain": name}, format="json", **headers)


def proven(client: APIClient) -> str:
    made = claim(client).json()
    Everything.values = [made["record"]["value"]]
    assert client.post(f"{DOMAINS}{made['id']}/check/").json()["verified_at"]
    return str(made["id"])


def test_from_the_claim_to_the_main_address_and_back(owner: APIClient, acme: Organization) -> None:
    made = claim(owner, "https://Clientes.Acme.com.br/")
    assert made.status_code == 201, made.content
    one = made.json()
    assert made["Location"].endswith(f"{DOMAINS}{one['id']}/")
    assert (one["domain"], one["record"]["type"], one["record"]["name"]) == (NAME, "TXT", f"_colmeia.{NAME}")
    checked = owner.post(f"{DOMAINS}{one['id']}/check/").json()
    assert (checked["problem"], checked["verified_at"]) == ("no_record", None)
    assert "TXT record" in checked["problem_text"]
    assert owner.post(f"{DOMAINS}{one['id']}/check/").status_code in {409, 429}
    DomainClaim.objects.update(checked_at=None)
    Everything.values = [one["record"]["value"]]
    assert owner.post(f"{DOMAINS}{one['id']}/check/").json()["problem"] == ""
    answer = owner.post(f"{DOMAINS}primary/", {"domain": NAME}, format="json").json()
    assert (answer["address"], answer["primary"]) == ("acme.localhost", NAME)
    assert [(each["domain"], each["is_primary"]) for each in answer["domains"]] == [(NAME, True)]
    assert owner.get(f"{DOMAINS}{one['id']}/").json()["is_primary"]
    assert owner.delete(f"{DOMAINS}{one['id']}/").status_code == 204
    assert owner.get(DOMAINS).json() == {"address": "acme.localhost", "primary": "acme.localhost", "domains": []}


def test_the_own_host_can_be_the_main_address_again(owner: APIClient) -> None:
    proven(owner)
    owner.post(f"{DOMAINS}primary/", {"domain": NAME}, format="json")
    back = owner.post(f"{DOMAINS}primary/", {"domain": " ACME.localhost "}, format="json")
    assert back.json()["primary"] == "acme.localhost"


def test_sent_twice_it_is_claimed_once(owner: APIClient) -> None:
    first, second = (claim(owner, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert second["Idempotent-Replayed"] == "true"
    assert (first.json()["id"], DomainClaim.objects.count()) == (claim(owner).json()["id"], 1)


@pytest.mark.parametrize(
    "name",
    ["", "x", "localhost", "10.0.0.1", "acme.localhost", "a" * 301, "\u0000.example.com", "é" * 64 + ".com", None, 7],
)
def test_what_is_no_domain_is_said(owner: APIClient, name: Any) -> None:
    refused = claim(owner, name)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "domain"


def test_what_is_not_proven_is_no_main_address(owner: APIClient) -> None:
    claim(owner)
    for name in (NAME, "globex.localhost", "nowhere.example.com"):
        assert owner.post(f"{DOMAINS}primary/", {"domain": name}, format="json").status_code == 404


def test_anothers_claim_is_not_there(owner: APIClient, api: Any, carol: User, globex: Organization) -> None:
    pk, hers = proven(owner), api(carol, globex)
    assert hers.get(DOMAINS).json()["domains"] == []
    assert [hers.get(f"{DOMAINS}{pk}/").status_code, hers.delete(f"{DOMAINS}{pk}/").status_code] == [404, 404]
    assert hers.post(f"{DOMAINS}{pk}/check/").status_code == 404
    assert claim(hers).json()["code"] == "taken"
    assert Domain.objects.filter(domain=NAME).exists()


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_it_is_for_owners(api: Any, acme: Organization, bob: User, role: str) -> None:
    members.change_role(Membership.objects.get(user=bob, organization=acme), role=role)
    client = api(bob, acme)
    assert [client.get(DOMAINS).status_code, claim(client).status_code] == [403, 403]
