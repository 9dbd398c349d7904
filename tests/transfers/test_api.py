"""Imports and exports through the API, as a program uses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import members
from shared_apps.organizations.models import Membership, Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry
from tenant_apps.scheduling.models import Appointment
from tenant_apps.transfers import tasks
from tenant_apps.transfers.models import Export, Import
from tests.factories.clients import ClientFactory, CustomFieldFactory
from tests.transfers.conftest import xlsx

Api = Callable[[User | None, Organization], APIClient]
IMPORTS, EXPORTS = "/api/v1/client-imports/", "/api/v1/client-exports/"
TABLE = "Nome;CPF;Apelidos\nAna;529.982.247-25;x\nBia;111;y\n"
COLUMNS = {"mapping": {"0": "name", "1": "document"}}


@pytest.fixture
def client(api: Api, alice: User, inside: Organization) -> APIClient:
    return api(alice, inside)


def upload(client: APIClient, content: bytes | str = TABLE, name: str = "clientes.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, data)}, format="multipart")


def post(client: APIClient, path: str, body: Any = None, **headers: Any) -> Any:
    return client.post(path, body or {}, format="json", **headers)


def run(name: str, pk: str) -> None:
    getattr(tasks, name)(pk, language="en")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_from_the_upload_to_the_undo(client: APIClient) -> None:
    answer = upload(client)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    here = f"{IMPORTS}{made['id']}/"
    assert answer["Location"].endswith(here)
    assert (made["state"], made["mapping"]["0"], made["has_header"]) == ("matching", "name", True)
    assert made["columns"][1] == {"number": "1", "header": "CPF", "samples": ["529.982.247-25", "111"]}

    checking = post(client, f"{here}check/", COLUMNS)
    assert (checking.status_code, checking.json()["state"]) == (202, "checking")
    run("check", made["id"])
    checked = client.get(here).json()
    assert (checked["state"], checked["created"], checked["refused"]) == ("checked", 1, 1)
    assert checked["errors"] == [{"row": 3, "message": "CPF or CNPJ: This is not a valid CPF."}]
    errors = client.get(f"{here}errors/")
    assert errors["Content-Disposition"] == 'attachment; filename="errors-clientes.csv"'
    assert b"Bia,111" in body(errors)

    assert post(client, f"{here}run/").status_code == 202
    assert post(client, f"{here}run/").json()["code"] == "not_in_this_state"
    run("run", made["id"])
    done = client.get(here).json()
    assert (done["state"], done["can_undo"], done["columns"]) == ("done", True, [])
    assert Client.objects.get().name == "Ana"
    assert [one["id"] for one in client.get(IMPORTS).json()["results"]] == [made["id"]]

    assert post(client, f"{here}undo/").json()["state"] == "undoing"
    run("undo", made["id"])
    assert client.get(here).json()["state"] == "undone"
    assert not Client.objects.exists()


def test_fields_tell_of_the_firms_own(client: APIClient) -> None:
    CustomFieldFactory(key="depth", label="Depth", type="number")
    keys = {one["key"]: one["label"] for one in client.get(f"{IMPORTS}fields/").json()["fields"]}
    assert (keys["name"], keys["custom.depth"]) == ("Name", "Depth")


def test_a_check_can_be_cancelled_and_done_again(client: APIClient) -> None:
    here = f"{IMPORTS}{upload(client, xlsx(['Nome'], ['Ana']), 'a.xlsx').json()['id']}/"
    post(client, f"{here}check/", {"mapping": {"0": "name"}})
    assert post(client, f"{here}cancellation/").json()["state"] == "cancelled"
    assert post(client, f"{here}check/", {"mapping": {"0": "name"}}).status_code == 202


def test_a_run_sent_twice_under_one_key_is_one(client: APIClient) -> None:
    here = f"{IMPORTS}{upload(client).json()['id']}/"
    post(client, f"{here}check/", COLUMNS)
    run("check", here.split("/")[-2])
    first, second = (post(client, f"{here}run/", headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (202, 202, "true")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "mapping"),
        ({"mapping": {}}, "mapping"),
        ({"mapping": []}, "mapping"),
        ({"mapping": {"0": "nothing"}}, "mapping.0"),
        ({"mapping": {"99999999999999999999": "name"}}, "mapping.99999999999999999999"),
        ({"mapping": {"-1": "name"}}, "mapping.-1"),
        ({"mapping": {"0": "document"}}, "column.0"),
        ({"mapping": {"0": "name", "1": "name"}}, "column.1"),
        ({"mapping": {"0": "x" * 81}}, "mapping.0"),
        ({"mapping": {"0": "name"}, "duplicates": "burn"}, "duplicates"),
        ({"mapping": {"0": "name"}, "has_header": "perhaps"}, "has_header"),
        ({"mapping": {"0": "name"}, "more": 1}, "more"),
    ],
)
def test_columns_that_lead_nowhere_are_said(client: APIClient, given: Any, field: str) -> None:
    here = f"{IMPORTS}{upload(client).json()['id']}/"
    refused = post(client, f"{here}check/", given)
    assert refused.status_code == 422, refused.content
    assert field in {one["field"] for one in refused.json()["errors"]}
    assert Import.objects.get().state == "matching"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"Nome\n", "a.csv"),
        (b"PK\x03\x04rubbish", "a.xlsx"),
    ],
)
def test_files_that_are_no_table_are_said(client: APIClient, content: bytes, name: str) -> None:
    refused = upload(client, content, name)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "file")
    assert not Import.objects.exists()


def test_what_is_no_upload_is_said(client: APIClient, settings: Any) -> None:
    assert client.post(IMPORTS, {}, format="multipart").status_code == 422
    assert client.post(IMPORTS, b"rubbish", content_type="multipart/form-data; boundary=x").status_code in {400, 422}
    settings.IMPORT_MAX_BYTES = 10
    assert upload(client).status_code == 413


def test_an_export_of_what_the_list_would_show(client: APIClient) -> None:
    ClientFactory(name="=cmd()", tags=["vip"])
    ClientFactory(name="Bia")
    answer = post(client, f"{EXPORTS}?tag=vip&ordering=-name", {"kind": "csv", "columns": ["name", "tags"]})
    assert answer.status_code == 201, answer.content
    here = f"{EXPORTS}{answer.json()['id']}/"
    assert answer["Location"].endswith(here)
    assert client.get(f"{here}file/").json()["code"] == "export_not_ready"
    tasks.export(answer.json()["id"])
    assert {**client.get(here).json(), "state": "done", "rows": 1} == client.get(here).json()
    file = client.get(f"{here}file/")
    assert body(file).decode().splitlines() == ["\ufeffName,Tags", "'=cmd(),vip"]
    assert file["Content-Disposition"].endswith('.csv"')
    assert [one["id"] for one in client.get(EXPORTS).json()["results"]] == [answer.json()["id"]]


def test_an_export_of_some_clients(client: APIClient) -> None:
    ana = ClientFactory(name="Ana")
    ClientFactory(name="Bia")
    pk = post(client, EXPORTS, {"ids": [str(ana.pk), str(uuid4())]}).json()["id"]
    tasks.export(pk)
    assert client.get(f"{EXPORTS}{pk}/").json()["rows"] == 1
    assert body(client.get(f"{EXPORTS}{pk}/file/")).startswith(b"PK")


@pytest.mark.parametrize(
    ("query", "given", "status"),
    [
        ("?tagg=vip", {}, 400),
        ("?custom.none=1", {}, 400),
        ("?ordering=password", {}, 400),
        ("", {"kind": "exe"}, 422),
        ("", {"columns": ["password"]}, 422),
        ("", {"columns": "name"}, 422),
        ("", {"ids": ["x"]}, 422),
        ("", {"ids": [str(uuid4())] * 1001}, 422),
        ("", {"wanted": {}}, 422),
    ],
)
def test_exports_that_make_no_sense_are_refused(client: APIClient, query: str, given: Any, status: int) -> None:
    refused = post(client, f"{EXPORTS}{query}", given)
    assert refused.status_code == status, refused.content
    assert not Export.objects.exists()


def test_an_export_is_its_makers_and_only_for_a_while(
    client: APIClient, api: Api, acme: Organization, bob: User
) -> None:
    pk = post(client, EXPORTS, {}).json()["id"]
    members.change_role(Membership.objects.get(user=bob, organization=acme), role="admin")
    his = api(bob, acme)
    assert his.get(EXPORTS).json()["results"] == []
    assert [his.get(f"{EXPORTS}{pk}/").status_code, his.get(f"{EXPORTS}{pk}/file/").status_code] == [404, 404]
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"{EXPORTS}{pk}/").status_code == 404


def test_nobody_else_gets_at_them(
    client: APIClient, api: Api, acme: Organization, globex: Organization, bob: User, carol: User
) -> None:
    source, export = upload(client).json()["id"], post(client, EXPORTS, {}).json()["id"]
    his = api(bob, acme)  # staff
    assert [his.get(IMPORTS).status_code, upload(his).status_code, his.get(EXPORTS).status_code] == [403, 403, 403]
    hers = api(carol, globex)
    for path in (
        f"{IMPORTS}{source}/",
        f"{IMPORTS}{source}/errors/",
        f"{EXPORTS}{export}/",
        f"{EXPORTS}{export}/file/",
    ):
        assert hers.get(path).status_code == 404, path
    for step in ("check", "run", "undo", "cancellation"):
        assert post(hers, f"{IMPORTS}{source}/{step}/", COLUMNS).status_code == 404
    assert api(None, acme).get(IMPORTS).status_code == 401
    assert api(carol, acme).get(IMPORTS).status_code == 401
    with context.enter(globex.schema_name):
        assert not Import.objects.exists()


def test_an_import_without_refused_rows_has_no_file_of_them(client: APIClient) -> None:
    pk = upload(client).json()["id"]
    assert client.get(f"{IMPORTS}{pk}/errors/").status_code == 404


@pytest.mark.parametrize(
    ("path", "table", "needed", "made"),
    [
        (
            "/api/v1/appointment-imports/",
            "Cliente;Data;Hora\nAna;01/12/2026;09:00\nNinguém;01/12/2026;10:00\n",
            "client",
            Appointment,
        ),
        (
            "/api/v1/entry-imports/",
            "Descrição;Valor;Vencimento\nLimpeza;10,00;01/12/2026\nErro;abc;01/12/2026\n",
            "amount",
            Entry,
        ),
    ],
)
def test_appointments_and_entries_as_clients(
    client: APIClient, path: str, table: str, needed: str, made: type[Appointment] | type[Entry]
) -> None:
    ClientFactory(name="Ana")
    answer = client.post(path, {"file": SimpleUploadedFile("t.csv", table.encode())}, format="multipart")
    assert answer.status_code == 201, answer.content
    here = f"{path}{answer.json()['id']}/"
    assert answer["Location"].endswith(here)
    mapping = answer.json()["mapping"]
    assert needed in mapping.values()
    assert {*mapping.values()} <= {field["key"] for field in client.get(f"{path}fields/").json()["fields"]}
    assert post(client, f"{here}check/", {"mapping": {"0": "legal_name"}}).status_code == 422
    assert post(client, f"{here}check/", {"mapping": mapping}).status_code == 202
    run("check", answer.json()["id"])
    checked = client.get(here).json()
    assert (checked["state"], checked["created"], checked["refused"], checked["errors"][0]["row"]) == (
        "checked",
        1,
        1,
        3,
    )
    assert not made.objects.exists()
    assert table.splitlines()[2].split(";")[0].encode() in body(client.get(f"{here}errors/"))
    assert post(client, f"{here}run/").status_code == 202
    run("run", answer.json()["id"])
    assert (client.get(here).json()["state"], made.objects.count()) == ("done", 1)
    assert post(client, f"{here}undo/").status_code == 202
    run("undo", answer.json()["id"])
    assert not made.objects.exists()
    assert client.get(here.replace(path, IMPORTS)).status_code == 404  # it is of another kind
    assert [one["id"] for one in client.get(path).json()["results"]] == [answer.json()["id"]]
    assert client.get(IMPORTS).json()["results"] == []


def test_each_kind_needs_what_its_pages_need(api: Api, bob: User, carol: User, inside: Organization) -> None:
    for path in ("/api/v1/appointment-imports/", "/api/v1/entry-imports/"):
        for nobody, status in ((bob, 403), (None, 401)):
            assert api(nobody, inside).get(path).status_code == status
