"""Places and assets of a client over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Asset, Client, Place
from tests.factories.clients import AssetFactory, ClientFactory, PlaceFactory

pytestmark = pytest.mark.usefixtures("inside")
Check = Callable[..., None]


def test_a_client_has_several_places(staff: APIClient, no_organization_sees: Check) -> None:
    client = ClientFactory()
    url = f"/api/v1/clients/{client.pk}/places/"
    answer = staff.post(url, {"label": "Casa", "city": " Campinas ", "state": "sp", "postal_code": "13024-000"})
    assert answer.status_code == 201, answer.content
    place = answer.json()
    assert (place["city"], place["state"], place["postal_code"]) == ("Campinas", "SP", "13024000")
    assert answer["Location"].endswith(f"/api/v1/places/{place['id']}/")
    staff.post(url, {"label": "Praia", "city": "Santos", "state": "SP"})
    assert [found["label"] for found in staff.get(url).json()["results"]] == ["Casa", "Praia"]
    assert Client.objects.get().cities == ["Campinas - SP", "Santos - SP"]
    assert set(Activity.objects.filter(subject_id=client.pk).values_list("verb", flat=True)) == {
        "client.created",
        "place.added",
    }
    no_organization_sees("get", url)
    no_organization_sees("post", url, data={})


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"state": "XX"}, "state", "invalid_state"),
        ({"postal_code": "123"}, "postal_code", "invalid_postal_code"),
        ({"postal_code": "1302400O"}, "postal_code", "invalid_postal_code"),
        ({"city": "x" * 81}, "city", "max_length"),
        ({"city": "a\x00"}, "city", "null_characters_not_allowed"),
        ({"town": "Campinas"}, "town", "unknown_field"),
    ],
)
def test_a_wrong_place_is_named(staff: APIClient, body: Any, field: str, code: str) -> None:
    answer = staff.post(f"/api/v1/clients/{ClientFactory().pk}/places/", body)
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


def test_places_change_and_go(staff: APIClient, no_organization_sees: Check) -> None:
    place = PlaceFactory()
    url = f"/api/v1/places/{place.pk}/"
    assert staff.get(url)["ETag"] == '"v1"'
    assert staff.patch(url, {"label": "Sítio"}).status_code == 428
    assert staff.patch(url, {"label": "Sítio"}, HTTP_IF_MATCH='"v9"').status_code == 412
    assert staff.patch(url, {"label": "Sítio"}, HTTP_IF_MATCH='"v1"').json()["label"] == "Sítio"
    no_organization_sees("get", url)
    no_organization_sees("patch", url, data={"label": "X"})
    no_organization_sees("delete", url)
    assert staff.delete(url, HTTP_IF_MATCH='"v1"').status_code == 412
    assert staff.delete(url).status_code == 204
    assert staff.get(url).json()["code"] == "not_found"
    assert Client.objects.get().cities == []
    assert not Place.objects.exists()


def test_assets_hang_on_a_place(staff: APIClient, no_organization_sees: Check) -> None:
    url = f"/api/v1/places/{PlaceFactory().pk}/assets/"
    answer = staff.post(url, {"name": "Piscina", "volume_m3": "48.5", "surface_m2": 32, "filter": "areia"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["volume_m3"], answer.json()["surface_m2"]) == ("48.50", "32.00")
    assert answer.json()["kind"] == "pool"
    assert len(staff.get(url).json()["results"]) == 1
    no_organization_sees("get", url)
    no_organization_sees("post", url, data={"name": "X"})


@pytest.mark.parametrize("volume", ["NaN", "Infinity", "-1", "1e99", "12345678.00", [], {}, True, "a\x00", "1.234"])
def test_a_volume_that_is_none(staff: APIClient, volume: Any) -> None:
    answer = staff.post(f"/api/v1/places/{PlaceFactory().pk}/assets/", {"name": "P", "volume_m3": volume})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "volume_m3")


def test_assets_change_and_go(staff: APIClient, no_organization_sees: Check) -> None:
    asset = AssetFactory()
    url = f"/api/v1/assets/{asset.pk}/"
    assert staff.get(url).json()["volume_m3"] == "48.00"
    assert staff.patch(url, {"filter": "cartucho"}, HTTP_IF_MATCH='"v1"')["ETag"] == '"v2"'
    assert staff.patch(url, {"filter": "areia"}, HTTP_IF_MATCH='"v1"').status_code == 412
    no_organization_sees("get", url)
    no_organization_sees("patch", url, data={"name": "X"})
    no_organization_sees("delete", url)
    assert staff.delete(url).status_code == 204
    assert not Asset.objects.exists()
    last = Activity.objects.latest("at")
    assert (last.verb, last.before["filter"]) == ("asset.removed", "cartucho")
