"""/clients/<id>/ and its form: a client, its places and what is looked after there in one page."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from tenant_apps.activity.models import Activity
from tenant_apps.clients import cep, services
from tenant_apps.clients.models import Asset, Client, Place
from tests.factories.clients import AssetFactory, ClientFactory, CustomFieldFactory, PlaceFactory, a_cpf

URL = "/clients/"
pytestmark = pytest.mark.usefixtures("inside")
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture
def hers(pages: Pages, acme: Organization, alice: User) -> Browser:
    return pages(alice, acme)


def sent(browser: Browser, path: str) -> dict[str, Any]:
    """What the form of a page would send if its reader changed nothing."""
    page = browser.get(path).context["page"]
    values: dict[str, Any] = {}
    forms = [page.client, page.places.management_form, *page.places.forms]
    for place in page.places.forms:
        forms += [place.assets.management_form, *place.assets.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if field.name != "DELETE" and value is not None:
                values[field.html_name] = value
    return values


def new(**fields: Any) -> dict[str, Any]:
    return {"id": uuid7(), "kind": "person", "places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0, **fields}


def test_adds_client_place_and_asset_at_once(hers: Browser) -> None:
    CustomFieldFactory()
    form = new(name="Ana", phone="(19) 98765-4321", tags="VIP, condomínio", custom_pool_type="vinil")
    form |= {"places-TOTAL_FORMS": 2, "places-0-label": "Casa", "places-0-postal_code": "13024-000"}
    form |= {"places-0-city": "Campinas", "places-0-state": "SP", "places-0-assets-TOTAL_FORMS": 1}
    form |= {"places-0-assets-INITIAL_FORMS": 0, "places-0-assets-0-kind": "pool", "places-0-assets-0-name": "Piscina"}
    form |= {"places-0-assets-0-volume_m3": "48.50"}
    form |= {"places-1-assets-TOTAL_FORMS": 0, "places-1-assets-INITIAL_FORMS": 0}  # nobody filled the second
    answer = hers.post(f"{URL}new/", form)
    client = Client.objects.get()
    assert answer["Location"] == f"{URL}{client.pk}/"
    assert client.tags == ["vip", "condomínio"]
    assert client.custom == {"pool_type": "vinil"}
    assert client.cities == ["Campinas - SP"]
    assert Place.objects.get().postal_code == "13024000"
    assert str(Asset.objects.get().volume_m3) == "48.50"
    assert hers.get(answer["Location"]).status_code == 200


def test_sent_twice_it_is_one_client(hers: Browser) -> None:
    form = new(name="Ana", document=a_cpf(1))
    first, second = hers.post(f"{URL}new/", form), hers.post(f"{URL}new/", form)
    assert Client.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"document": "123"}, "This is not a valid CPF."),
        ({"phone": "12"}, "This is not a valid phone number."),
        ({"email": "ana@"}, "Enter a valid email address."),
        ({"custom_pool_type": "gold"}, "gold is not one of the available choices."),
        ({"places-TOTAL_FORMS": 1, "places-0-postal_code": "1"}, "A CEP has 8 digits."),
        ({"places-TOTAL_FORMS": 1, "places-0-assets-TOTAL_FORMS": 1, "places-0-assets-0-filter": "x"}, "is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(hers: Browser, fields: dict[str, Any], said: str) -> None:
    CustomFieldFactory()
    rows = {"places-0-assets-TOTAL_FORMS": 0, "places-0-assets-INITIAL_FORMS": 0}
    answer = hers.post(f"{URL}new/", {**new(name="Ana", notes="kept"), **rows, **fields})
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert said in page
    assert "kept" in page
    assert not Client.objects.exists()


def test_a_document_that_another_has_is_a_field_error(hers: Browser) -> None:
    ClientFactory(document=a_cpf(1))
    answer = hers.post(f"{URL}new/", new(name="Ana", document=a_cpf(1)))
    assert answer.status_code == 422
    assert "Another client has this CPF or CNPJ." in answer.content.decode()


def test_a_required_custom_field_is_asked_for(hers: Browser) -> None:
    CustomFieldFactory(required=True)
    answer = hers.post(f"{URL}new/", new(name="Ana"))
    assert answer.status_code == 422


def test_saving_without_a_change_changes_nothing(hers: Browser) -> None:
    asset = AssetFactory()
    client = asset.place.client
    before = Activity.objects.count()
    path = f"{URL}{client.pk}/edit/"
    assert hers.post(path, sent(hers, path)).status_code == 302
    assert Activity.objects.count() == before


def test_changes_and_removes_rows(hers: Browser) -> None:
    asset = AssetFactory()
    other = PlaceFactory(client=asset.place.client, city="Santos")
    path = f"{URL}{asset.place.client_id}/edit/"
    form = sent(hers, path) | {"places-0-assets-0-name": "Spa", "places-1-DELETE": "on", "name": "Ana"}
    assert hers.post(path, form).status_code == 302
    assert Asset.objects.get().name == "Spa"
    assert not Place.objects.filter(pk=other.pk).exists()
    assert Client.objects.get().name == "Ana"


def test_the_second_of_two_editors_sees_what_changed(hers: Browser, bob: User) -> None:
    place = PlaceFactory(client=ClientFactory(name="Ana", email="a@clients.example"))
    client, path = place.client, f"{URL}{place.client_id}/edit/"
    form = sent(hers, path)
    services.update_client(client, actor=None, email="b@clients.example", notes="theirs")
    services.update_place(Place.objects.get(pk=place.pk), actor=None, city="Santos")
    answer = hers.post(path, form | {"email": "c@clients.example", "name": "Ana Maria"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("b@clients.example", "c@clients.example", "theirs", "Santos", "Ana Maria"):
        assert shown in page
    assert Client.objects.get().name == "Ana"
    # Saved over it: what only they changed stays theirs.
    again: dict[str, Any] = {}
    held = answer.context["page"]
    for one in [
        held.client,
        held.places.management_form,
        *held.places.forms,
        held.places.forms[0].assets.management_form,
    ]:
        again |= {
            field.html_name: field.value() for field in one if field.value() is not None and field.name != "DELETE"
        }
    assert hers.post(path, again).status_code == 302
    saved = Client.objects.get()
    assert (saved.name, saved.email, saved.notes) == ("Ana Maria", "c@clients.example", "theirs")
    assert Place.objects.get().city == "Santos"


def test_a_place_that_somebody_removed_is_not_lost(hers: Browser) -> None:
    place = PlaceFactory()
    path = f"{URL}{place.client_id}/edit/"
    form = sent(hers, path) | {"places-0-street": "Rua Nova"}
    services.remove_place(place, actor=None)
    assert hers.post(path, form).status_code == 409


def test_an_archived_client_is_closed(hers: Browser) -> None:
    client = ClientFactory()
    path = f"{URL}{client.pk}/edit/"
    form = sent(hers, path) | {"name": "Ana"}
    hers.post(f"{URL}{client.pk}/archival/")
    assert hers.get(path).status_code == 409
    assert "archived" in hers.post(path, form | {"version": 2}).content.decode()
    assert "Restore client" in hers.get(f"{URL}{client.pk}/").content.decode()
    hers.post(f"{URL}{client.pk}/restoration/")
    assert not Client.objects.get().is_archived


def test_detail_and_form_in_six_statements(hers: Browser) -> None:
    CustomFieldFactory()
    client = ClientFactory(custom={"pool_type": "vinil"})
    for _ in range(3):
        AssetFactory(place=PlaceFactory(client=client))
    for path in ("", "edit/", "timeline/"):
        with CaptureQueriesContext(connection) as statements:
            assert hers.get(f"{URL}{client.pk}/{path}").status_code == 200
        assert len(statements) <= 6, [one["sql"] for one in statements]


def test_the_history_is_in_words(hers: Browser) -> None:
    CustomFieldFactory()
    client = ClientFactory(name="Ana", phone="+5519987654321")
    services.update_client(client, actor=None, phone="+5519987650000", custom={"pool_type": "vinil"})
    page = unescape(hers.get(f"{URL}{client.pk}/timeline/").content.decode())
    assert "Client changed" in page
    assert "Phone: (19) 98765-4321 → (19) 98765-0000" in page
    assert "Tipo de piscina: vinil" in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"name": "Silva Ana"}, True),
        ({"name": "Ana"}, False),
        ({"phone": "19987654321"}, True),
        ({"document": a_cpf(7)}, True),
        ({"name": "x'); --"}, False),
        ({}, False),
    ],
)
def test_warns_of_a_client_that_is_there_already(hers: Browser, query: dict[str, str], is_found: bool) -> None:
    client = ClientFactory(name="Ana da Silva", document=a_cpf(7), phone="+5519987654321")
    assert ("Ana da Silva" in hers.get(f"{URL}similar/", query).content.decode()) == is_found
    assert "Ana da Silva" not in hers.get(f"{URL}similar/", {**query, "id": str(client.pk)}).content.decode()


KNOWN = {"cep": "13024-000", "logradouro": "Rua A", "bairro": "Cambuí", "localidade": "Campinas", "uf": "SP"}


@pytest.mark.parametrize(
    ("status", "body", "city"),
    [(200, json.dumps(KNOWN), "Campinas"), (200, '{"erro": "true"}', None), (500, "", None), (200, "<html>", None)],
)
def test_a_cep_stands_for_an_address_if_the_provider_says_so(
    empty_cache: None, status: int, body: str, city: str | None
) -> None:
    provider = cep.ViaCep(httpx.MockTransport(lambda _request: httpx.Response(status, text=body)))
    found = cep.address_of("13024000", provider)
    assert (found.city if found else None) == city


def test_without_a_provider_there_is_no_address(hers: Browser, empty_cache: None) -> None:
    assert hers.get(f"{URL}cep/?cep=13024-000").json() == {}
    cache.set("cep:13024000", {"city": "Campinas"})
    assert cep.address_of("13024000") is None
