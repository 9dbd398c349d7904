"""/api/v1/custom-fields/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tenant_apps.clients.models import Client, CustomField
from tests.factories.clients import ClientFactory, CustomFieldFactory

URL = "/api/v1/custom-fields/"
pytestmark = pytest.mark.usefixtures("inside")


def test_administrators_define_fields(
    owner: APIClient, staff: APIClient, no_organization_sees: Callable[..., None]
) -> None:
    body = {"key": "pool_type", "label": "Tipo", "type": "choice", "choices": ["vinil", "fibra"], "required": True}
    assert staff.post(URL, body).status_code == 403
    answer = owner.post(URL, body)
    assert answer.status_code == 201, answer.content
    assert owner.post(URL, body).json()["code"] == "key_taken"
    assert [field["key"] for field in staff.get(URL).json()["results"]] == ["pool_type"]
    url = f"{URL}{answer.json()['id']}/"
    assert staff.get(url).json()["required"] is True
    no_organization_sees("get", URL, there=200)
    no_organization_sees("post", URL, data={}, there=422)
    no_organization_sees("get", url)
    no_organization_sees("patch", url, data={})
    no_organization_sees("delete", url)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "key"),
        ({"key": "Pool Type"}, "key"),
        ({"key": "x" * 41}, "key"),
        ({"key": "a\x00"}, "key"),
        ({"key": "a", "type": "blob"}, "type"),
        ({"key": "a", "type": "choice"}, "choices"),
        ({"key": "a", "type": "text", "choices": ["b"]}, "choices"),
        ({"key": "a", "position": -1}, "position"),
        ({"key": "a", "position": 10**30}, "position"),
    ],
)
def test_a_wrong_field_is_named(owner: APIClient, body: Any, field: str) -> None:
    answer = owner.post(URL, body)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


def test_key_and_type_stay(owner: APIClient) -> None:
    field = CustomFieldFactory()
    url = f"{URL}{field.pk}/"
    assert owner.patch(url, {"key": "other"}).json()["errors"][0]["code"] == "immutable"
    assert owner.patch(url, {"type": "text"}).status_code == 422
    assert owner.patch(url, {"choices": ["vinil", "fibra", "azulejo"]}).json()["choices"][-1] == "azulejo"


def test_a_removed_field_takes_its_values_along(owner: APIClient) -> None:
    field = CustomFieldFactory()
    client = ClientFactory(custom={"pool_type": "vinil"})
    untouched = ClientFactory()
    assert owner.delete(f"{URL}{field.pk}/").status_code == 204
    assert not CustomField.objects.exists()
    assert (Client.objects.get(pk=client.pk).custom, Client.objects.get(pk=client.pk).version) == ({}, 2)
    assert Client.objects.get(pk=untouched.pk).version == 1
