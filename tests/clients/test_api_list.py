"""GET /api/v1/clients/: pages, filters, order and search."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shared_apps.web.api import rows
from tenant_apps.clients import queries
from tenant_apps.clients.models import Client
from tenant_apps.clients.serializers import ClientRowSerializer
from tests.factories.clients import ClientFactory, CustomFieldFactory, PlaceFactory, a_cpf

URL = "/api/v1/clients/"
pytestmark = pytest.mark.usefixtures("inside")


def names(answer: object) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]  # type: ignore[attr-defined]


def test_the_list_is_of_one_organization(staff: APIClient, no_organization_sees: Callable[..., None]) -> None:
    ClientFactory(name="Ana")
    assert names(staff.get(URL)) == ["Ana"]
    no_organization_sees("get", URL, there=200)


def test_another_organization_lists_its_own(api: Callable, carol: object, globex: object) -> None:
    ClientFactory(name="Ana")
    assert api(carol, globex).get(URL).json()["results"] == []


def test_rows_say_what_a_list_needs(staff: APIClient) -> None:
    CustomFieldFactory()
    client = ClientFactory(name="Ana", document=a_cpf(1), custom={"pool_type": "vinil"}, tags=["vip"])
    PlaceFactory(client=client, city="Campinas", state="SP")
    row = staff.get(URL).json()["results"][0]
    assert row["id"] == str(client.pk)
    assert (row["cities"], row["tags"], row["custom"]) == (["Campinas - SP"], ["vip"], {"pool_type": "vinil"})
    assert (row["archived"], row["version"]) == (False, 2)
    assert set(row) == set(queries.ROW)


def test_pages(staff: APIClient) -> None:
    for number in range(5):
        ClientFactory(name=f"Client {number}")
    first = staff.get(URL, {"page_size": 2}).json()
    assert (first["count"], first["count_capped"], first["previous"]) == (5, False, None)
    assert first["next"] == "http://acme.localhost/api/v1/clients/?page=2&page_size=2"
    last = staff.get(URL, {"page_size": 2, "page": 3})
    assert (names(last), last.json()["next"], last.json()["count"]) == (["Client 4"], None, 5)
    assert staff.get(URL, {"page_size": 2, "page": 2}).json()["previous"].endswith("/clients/?page_size=2")


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "²", "9" * 40, "1e3"])
def test_a_page_that_is_not_there_is_404(staff: APIClient, page: str) -> None:
    ClientFactory()
    answer = staff.get(URL, {"page": page})
    assert (answer.status_code, answer.json()["code"]) == (404, "page_not_found")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("page_size", "201", "invalid_page_size"),
        ("page_size", "0", "invalid_page_size"),
        ("ordering", "document", "invalid_choice"),
        ("kind", "alien", "invalid_choice"),
        ("archived", "maybe", "invalid_choice"),
        ("state", "XX", "invalid_choice"),
        ("created_from", "yesterday", "invalid_date"),
        ("created_until", "2026-02-30", "invalid_date"),
        ("search", "a\x00b", "null_characters_not_allowed"),
        ("search", "a" * 201, "max_length"),
        ("nmae", "Ana", "unknown_parameter"),
        ("custom.shoe", "43", "unknown_field"),
        ("custom.", "43", "unknown_field"),
        ("custom.pool_type", "lake", "invalid_choice"),
        ("custom.depth", "deep", "invalid"),
        ("custom.depth", "nan", "invalid"),
    ],
)
def test_a_wrong_parameter_is_named(staff: APIClient, name: str, value: str, code: str) -> None:
    CustomFieldFactory()
    CustomFieldFactory(key="depth", type="number")
    answer = staff.get(URL, {name: value})
    assert answer.status_code == 400, answer.content
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(name, code)]


def test_filters(staff: APIClient, owner: APIClient) -> None:
    CustomFieldFactory()
    CustomFieldFactory(key="depth", type="number")
    CustomFieldFactory(key="heated", type="bool")
    ana = ClientFactory(name="Ana", tags=["vip", "new"], custom={"pool_type": "vinil", "depth": 2, "heated": True})
    ClientFactory(name="Bia", tags=["vip"], kind="company", document="12.ABC.345/01DE-35")
    PlaceFactory(client=ana, city="São José dos Campos", state="SP")
    gone = ClientFactory(name="Gone")
    owner.post(f"{URL}{gone.pk}/archival/", {})

    def found(**asked: object) -> list[str]:
        return names(staff.get(URL, {name.replace("__", "."): value for name, value in asked.items()}))

    assert found() == ["Ana", "Bia"]
    assert found(archived="true") == ["Gone"]
    assert found(archived="all") == ["Ana", "Bia", "Gone"]
    assert found(kind="company") == ["Bia"]
    assert found(tag="VIP") == ["Ana", "Bia"]
    assert found(tag=["vip", "new"]) == ["Ana"]
    assert found(city="sao jose dos campos") == ["Ana"]
    assert found(city="sao jose") == []
    assert found(state="SP") == ["Ana"]
    assert found(state="SP", city="São José dos Campos") == ["Ana"]
    assert found(state="RJ", city="São José dos Campos") == []
    assert found(document="12abc34501de35") == ["Bia"]
    assert found(custom__pool_type="vinil") == ["Ana"]
    assert found(custom__pool_type="fibra") == []
    assert found(custom__depth="2.0") == ["Ana"]
    assert found(custom__heated="true", tag="vip") == ["Ana"]
    assert found(created_from="2000-01-01", created_until="2999-12-31") == ["Ana", "Bia"]
    assert found(created_from="2999-01-01") == []
    assert found(created_until="2000-01-01T00:00:00-03:00") == []


def test_dates_are_of_the_organizations_own_days(staff: APIClient) -> None:
    Client.objects.filter(pk=ClientFactory(name="Ana").pk).update(created_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC))
    assert names(staff.get(URL, {"created_from": "2026-11-23", "created_until": "2026-11-23"})) == [
        "Ana"
    ]  # 23:30 there
    assert names(staff.get(URL, {"created_from": "2026-11-24"})) == []
    assert names(staff.get(URL, {"created_from": "2026-11-24T02:30:00Z"})) == ["Ana"]
    assert staff.get(URL, {"created_until": "9999-12-31"}).json()["errors"][0]["code"] == "invalid_date"


def test_names_are_ordered_without_accents_and_case(staff: APIClient) -> None:
    for name in ["Zélia", "Álvaro", "beto", "Ana"]:
        ClientFactory(name=name)
    assert names(staff.get(URL)) == ["Álvaro", "Ana", "beto", "Zélia"]
    assert names(staff.get(URL, {"ordering": "-name"})) == ["Zélia", "beto", "Ana", "Álvaro"]
    assert names(staff.get(URL, {"ordering": "created_at"})) == ["Zélia", "Álvaro", "beto", "Ana"]
    assert names(staff.get(URL, {"ordering": "-created_at", "search": "a"})) == ["Ana", "Álvaro"]


@pytest.mark.parametrize(
    "typed",
    [
        "joao", "JOÃO", "avila", "d'ávila", "davila", "joao avila", "avi jo", "piscinas", "390.533.447-05",
        "39053344705",
        "390533", "+55 19 98765-4321", "19987654321", "(19) 98765-4321", "987654321", "98765-4321", "4321", "87654321",
        "19 98765 4321", "5519", "campinas", "São José", "joao campinas 4321", "  joao  ",
    ],
)  # fmt: skip
def test_search_finds_what_people_type(staff: APIClient, typed: str) -> None:
    client = ClientFactory(
        name="João D'Ávila", legal_name="Ávila Piscinas", document="390.533.447-05", phone="(19) 98765-4321"
    )
    PlaceFactory(client=client, city="Campinas")
    PlaceFactory(client=client, city="São José do Rio Preto")
    ClientFactory(name="Somebody Else", phone="+5511912345678", document=a_cpf(99))
    assert names(staff.get(URL, {"search": typed})) == ["João D'Ávila"]


@pytest.mark.parametrize("typed", ["oao", "joao maria", "!!!", "zzz", "':* | a", "\\", "&", "@sp", "💧"])
def test_search_finds_nothing_else(staff: APIClient, typed: str) -> None:
    PlaceFactory(client=ClientFactory(name="João Silva", phone="(19) 98765-4321"))
    answer = staff.get(URL, {"search": typed})
    assert (answer.status_code, names(answer), answer.json()["count"]) == (200, [], 0)


def test_search_follows_changes(staff: APIClient) -> None:
    place = PlaceFactory(client=ClientFactory(name="Ana"), city="Campinas")
    staff.patch(f"/api/v1/places/{place.pk}/", {"city": "Olinda", "state": "PE"}, HTTP_IF_MATCH="*")
    staff.patch(f"{URL}{place.client_id}/", {"name": "Rita"}, HTTP_IF_MATCH="*")
    assert names(staff.get(URL, {"search": "campinas"})) == names(staff.get(URL, {"search": "ana"})) == []
    assert names(staff.get(URL, {"search": "rita olinda", "state": "PE"})) == ["Rita"]
    staff.delete(f"/api/v1/places/{place.pk}/")
    assert names(staff.get(URL, {"search": "olinda"})) == []


def test_a_page_of_the_list_costs_two_statements(staff: APIClient, inside: AbstractContextManager) -> None:
    for number in range(3):
        PlaceFactory(client=ClientFactory(name=f"Client {number}"))
    for asked in ({"page_size": "2"}, {"search": "client"}, {"search": "client", "page_size": "2"}, {"tag": "x"}):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            staff.get(URL, asked)
        listing = [s["sql"] for s in statements.captured_queries if "clients_" in s["sql"]]
        assert len(listing) <= 2, listing


def test_a_count_stops_at_its_cap(staff: APIClient, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "COUNT_CAP", 3)
    for number in range(5):
        ClientFactory(name=f"Client {number}")
    for asked in ({"page_size": "2"}, {"page_size": "2", "search": "client"}):
        answer = staff.get(URL, asked).json()
        assert (answer["count"], answer["count_capped"]) == (3, True)
    assert names(staff.get(URL, {"page_size": 2, "page": 3, "search": "client"})) == ["Client 4"]


def test_the_schema_describes_the_rows() -> None:
    assert tuple(ClientRowSerializer().fields) == queries.ROW
