"""/api/v1/clients/<id>/: creating, reading, changing, archiving, restoring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Archival, Client
from tests.factories.clients import ClientFactory, CustomFieldFactory, a_cnpj, a_cpf

URL = "/api/v1/clients/"
pytestmark = pytest.mark.usefixtures("inside")
Check = Callable[..., None]


def test_create_reads_what_people_type(staff: APIClient, no_organization_sees: Check) -> None:
    CustomFieldFactory()
    body = {
        "kind": "company",
        "name": "  Condomínio   Águas  ",
        "document": "12.ABC.345/01DE-35",
        "phone": "(19) 98765-4321",
        "tags": ["VIP", "vip", "Condomínio"],
        "custom": {"pool_type": "vinil"},
    }
    answer = staff.post(URL, body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["name"] == "Condomínio Águas"
    assert made["document"] == "12ABC34501DE35"
    assert made["phone"] == "+5519987654321"
    assert made["tags"] == ["vip", "condomínio"]
    assert made["archived"] is False
    assert answer["ETag"] == '"v1"'
    assert answer["Location"] == f"http://acme.localhost{URL}{made['id']}/"
    assert Activity.objects.latest("at").verb == "client.created"
    no_organization_sees("get", f"{URL}{made['id']}/")
    no_organization_sees("post", URL, data={}, there=422)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "required"),
        ({"name": ""}, "name", "blank"),
        ({"name": "   "}, "name", "blank"),
        ({"name": "x" * 161}, "name", "max_length"),
        ({"name": "a\x00b"}, "name", "null_characters_not_allowed"),
        ({"name": "A", "document": "123.456.789-00"}, "document", "invalid_document"),
        ({"name": "A", "document": "111.111.111-11"}, "document", "invalid_document"),
        ({"name": "A", "kind": "company", "document": a_cpf(1)}, "document", "invalid_document"),
        ({"name": "A", "document": "x" * 500}, "document", "max_length"),
        ({"name": "A", "phone": "99"}, "phone", "invalid_phone"),
        ({"name": "A", "email": "nobody"}, "email", "invalid"),
        ({"name": "A", "kind": "alien"}, "kind", "invalid_choice"),
        ({"name": "A", "tags": "vip"}, "tags", "not_a_list"),
        ({"name": "A", "tags": [{"a": 1}]}, "tags.0", "invalid"),
        ({"name": "A", "tags": ["a\x00"]}, "tags", "null_characters_not_allowed"),
        ({"name": "A", "notes": "x" * 5001}, "notes", "max_length"),
        ({"name": "A", "nickname": "B"}, "nickname", "unknown_field"),
        ({"name": "A", "custom": []}, "custom", "not_a_dict"),
        ({"name": "A", "custom": {"shoe": 43}}, "custom.shoe", "unknown_field"),
        ({"name": "A", "custom": {"pool_type": "lake"}}, "custom.pool_type", "invalid_choice"),
        ({"name": "A", "custom": {"pool_type": "a\x00"}}, "custom.pool_type", "null_characters_not_allowed"),
        ({"name": "A", "custom": {"pool_type": {"deep": [1]}}}, "custom.pool_type", "invalid_choice"),
        ({"name": {"a": 1}}, "name", "invalid"),
        ([], "", "invalid"),
        ("text", "", "invalid"),
    ],
)
def test_create_names_the_field_that_is_wrong(staff: APIClient, body: Any, field: str, code: str) -> None:
    CustomFieldFactory()
    answer = staff.post(URL, body)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert {"field": field, "code": code} in [{k: e[k] for k in ("field", "code")} for e in answer.json()["errors"]]
    assert not Client.objects.exists()


def test_all_wrong_fields_are_named_at_once(staff: APIClient) -> None:
    answer = staff.post(URL, {"name": "", "phone": "1", "email": "x", "document": "1"})
    assert [error["field"] for error in answer.json()["errors"]] == ["name", "document", "email", "phone"]


def test_a_required_custom_field_is_required(staff: APIClient) -> None:
    CustomFieldFactory(required=True)
    answer = staff.post(URL, {"name": "A"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "custom.pool_type")


def test_a_document_is_taken_once_among_standing_clients(staff: APIClient, owner: APIClient) -> None:
    first = ClientFactory(document=a_cpf(1))
    answer = staff.post(URL, {"name": "B", "document": a_cpf(1)})
    assert (answer.status_code, answer.json()["code"]) == (409, "document_taken")
    assert answer.json()["errors"][0]["field"] == "document"
    assert owner.post(f"{URL}{first.pk}/archival/", {}).status_code == 201
    assert staff.post(URL, {"name": "B", "document": a_cpf(1)}).status_code == 201
    back = owner.delete(f"{URL}{first.pk}/archival/")
    assert (back.status_code, back.json()["code"]) == (409, "document_taken")


def test_a_change_needs_the_version_it_is_based_on(staff: APIClient, no_organization_sees: Check) -> None:
    url = f"{URL}{ClientFactory(name='Old').pk}/"
    assert staff.patch(url, {"name": "New"}).status_code == 428
    done = staff.patch(url, {"name": "New"}, HTTP_IF_MATCH='"v1"')
    assert (done.status_code, done["ETag"], done.json()["name"]) == (200, '"v2"', "New")
    stale = staff.patch(url, {"name": "Newer"}, HTTP_IF_MATCH='"v1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert staff.patch(url, {"name": "Newer"}, HTTP_IF_MATCH='"nonsense"').status_code == 412
    assert staff.patch(url, {"name": "Newer"}, HTTP_IF_MATCH="*").status_code == 200
    assert staff.get(url, HTTP_IF_NONE_MATCH='W/"v3"').status_code == 304
    assert staff.get(url, HTTP_IF_NONE_MATCH='"v2"').status_code == 200
    no_organization_sees("patch", url, data={"name": "X"})


def test_a_change_of_nothing_is_no_version(staff: APIClient) -> None:
    client = ClientFactory(name="Same")
    done = staff.patch(f"{URL}{client.pk}/", {"name": "Same"}, HTTP_IF_MATCH='"v1"')
    assert done["ETag"] == '"v1"'
    assert not Activity.objects.filter(verb="client.updated").exists()


def test_patch_merges_custom_values_and_put_replaces_everything(staff: APIClient) -> None:
    CustomFieldFactory()
    CustomFieldFactory(key="depth", type="number")
    client = ClientFactory(custom={"pool_type": "vinil"}, notes="Note", tags=["vip"])
    url = f"{URL}{client.pk}/"
    merged = staff.patch(url, {"custom": {"depth": 1.5}}, HTTP_IF_MATCH="*").json()
    assert merged["custom"] == {"pool_type": "vinil", "depth": 1.5}
    assert staff.patch(url, {"custom": {"depth": None}}, HTTP_IF_MATCH="*").json()["custom"] == {"pool_type": "vinil"}
    whole = staff.get(url).json()
    put = staff.put(url, {**whole, "name": "Put"}, HTTP_IF_MATCH="*")
    assert put.status_code == 200, put.content
    assert put.json()["notes"] == "Note"
    bare = staff.put(url, {"name": "Bare"}, HTTP_IF_MATCH="*").json()
    assert (bare["notes"], bare["tags"], bare["custom"]) == ("", [], {})


def test_archiving_says_who_when_why_and_closes_the_client(
    staff: APIClient, owner: APIClient, no_organization_sees: Check
) -> None:
    client = ClientFactory()
    url = f"{URL}{client.pk}/archival/"
    assert staff.post(url, {"reason": "Moved"}).status_code == 403
    assert owner.post(url, {"reason": "x" * 301}).status_code == 422
    assert owner.post(url, {"reason": "Moved"}).json() | {"at": ""} == {"at": "", "by": "Alice", "reason": "Moved"}
    assert owner.post(url, {}).json()["code"] == "already_archived"
    shown = owner.get(f"{URL}{client.pk}/").json()
    assert (shown["archived"], shown["archival"]["reason"]) == (True, "Moved")
    closed = owner.patch(f"{URL}{client.pk}/", {"name": "X"}, HTTP_IF_MATCH="*")
    assert (closed.status_code, closed.json()["code"]) == (409, "client_archived")
    assert owner.post(f"{URL}{client.pk}/places/", {}).status_code == 409
    no_organization_sees("post", url, data={})
    no_organization_sees("delete", url)
    assert staff.delete(url).status_code == 403
    assert owner.delete(url).status_code == 204
    assert owner.delete(url).json()["code"] == "not_archived"
    row = Archival.objects.get()
    assert (str(row.restored_by), row.restored_at is not None) == ("Alice", True)
    assert owner.patch(f"{URL}{client.pk}/", {"name": "X"}, HTTP_IF_MATCH="*").status_code == 200


def test_activity_tells_before_and_after(owner: APIClient, staff: APIClient, no_organization_sees: Check) -> None:
    client = ClientFactory(name="Before")
    staff.patch(f"{URL}{client.pk}/", {"name": "After"}, HTTP_IF_MATCH="*")
    url = f"{URL}{client.pk}/activity/"
    newest = owner.get(url).json()["results"][0]
    assert newest["verb"] == "client.updated"
    assert newest["actor"]["name"] == "Bob"
    assert (newest["before"], newest["after"]) == ({"name": "Before"}, {"name": "After"})
    assert staff.get(url).status_code == 403
    no_organization_sees("get", url)


def test_company_documents_are_cnpjs(staff: APIClient) -> None:
    client = ClientFactory(document=a_cpf(7))
    url = f"{URL}{client.pk}/"
    wrong = staff.patch(url, {"kind": "company"}, HTTP_IF_MATCH="*")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "document")
    right = staff.patch(url, {"kind": "company", "document": a_cnpj(7)}, HTTP_IF_MATCH="*")
    assert right.json()["document"] == a_cnpj(7)


@pytest.mark.parametrize("method", ["delete", "post"])
def test_clients_are_archived_not_deleted(owner: APIClient, method: str) -> None:
    answer = getattr(owner, method)(f"{URL}{ClientFactory().pk}/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
