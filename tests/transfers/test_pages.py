"""The pages, as a browser uses them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse as django_reverse

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tenant_apps.clients.models import Client
from tenant_apps.transfers import tasks
from tenant_apps.transfers.models import Import
from tests.transfers.conftest import xlsx

Importer = Callable[..., Import]
TABLE = "Nome;CPF;Apelidos\nAna;529.982.247-25;x\nBia;111;y\n"


def reverse(name: str, **kwargs: Any) -> str:
    return django_reverse(f"transfers:{name}", urlconf="config.urls.tenant", kwargs=kwargs or None)


def upload(browser: Browser, content: bytes | str, name: str = "clientes.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return browser.post(reverse("import_new"), {"file": SimpleUploadedFile(name, data)})


def run(name: str, source: Import) -> None:
    getattr(tasks, name)(str(source.pk), language="en")


def test_from_the_upload_to_the_undo(browser: Browser, inside: Organization) -> None:
    answer = upload(browser, TABLE)
    source = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("import", pk=source.pk))
    page = browser.get(answer["Location"]).content.decode()
    assert "Which column is what?" in page
    assert "529.982.247-25" in page

    form = {"has_header": "on", "duplicates": "skip", "column_0": "name", "column_1": "document", "column_2": ""}
    assert browser.post(reverse("columns", pk=source.pk), form).status_code == 302
    assert "Checking the file" in browser.get(reverse("import", pk=source.pk)).content.decode()
    assert "HX-Refresh" not in browser.get(reverse("progress", pk=source.pk)).headers
    run("check", source)
    assert browser.get(reverse("progress", pk=source.pk))["HX-Refresh"] == "true"
    page = browser.get(reverse("import", pk=source.pk)).content.decode()
    assert "Import one client" in page
    assert "CPF or CNPJ: This is not a valid CPF." in page

    errors = browser.get(reverse("errors", pk=source.pk))
    assert b"Bia,111,y" in b"".join(errors.streaming_content)
    assert errors["Content-Disposition"] == 'attachment; filename="errors-clientes.csv"'

    assert browser.post(reverse("run", pk=source.pk)).status_code == 302
    assert browser.post(reverse("run", pk=source.pk)).status_code == 409
    run("run", source)
    assert "Done: one client is in your book." in browser.get(reverse("import", pk=source.pk)).content.decode()
    assert "clientes.csv" in browser.get(reverse("import_list")).content.decode()
    assert Client.objects.get().name == "Ana"

    assert browser.post(reverse("undo", pk=source.pk)).status_code == 302
    run("undo", source)
    assert "1 clients removed" in browser.get(reverse("import", pk=source.pk)).content.decode()
    assert not Client.objects.exists()


def test_cells_may_be_pasted(browser: Browser, inside: Organization) -> None:
    assert browser.post(reverse("import_new"), {"pasted": "Nome\tCidade\nAna\tSantos"}).status_code == 302
    assert Import.objects.get().mapping == {"0": "name", "1": "place.city"}


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "x.csv", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "x.csv", "This is not a table."),
        (b"PK\x03\x04 nothing", "x.xlsx", "damaged"),
        ("nome;cpf\n", "x.csv", "nothing below it"),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_the_field(
    browser: Browser, inside: Organization, content: bytes, name: str, why: str
) -> None:
    answer = upload(browser, content, name)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Import.objects.exists()


def test_too_large_and_nothing_at_all(browser: Browser, inside: Organization, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert "larger than" in upload(browser, TABLE).content.decode()
    assert "Choose a file." in browser.post(reverse("import_new"), {}).content.decode()


def test_the_name_is_required_and_no_field_twice(browser: Browser, inside: Organization) -> None:
    upload(browser, TABLE)
    source = Import.objects.get()
    form = {"has_header": "on", "duplicates": "skip", "column_0": "notes"}
    answer = browser.post(reverse("columns", pk=source.pk), form)
    assert answer.status_code == 422
    assert "Say which column holds the name." in answer.content.decode()
    answer = browser.post(reverse("columns", pk=source.pk), {**form, "column_0": "name", "column_2": "name"})
    assert "Another column leads to this field already." in answer.content.decode()


def test_markup_in_a_file_is_text_on_the_page(browser: Browser, inside: Organization) -> None:
    upload(browser, "nome;<script>alert(1)</script>\n<img src=x onerror=alert(1)>;a\n", "<b>.csv")
    page = browser.get(reverse("import", pk=Import.objects.get().pk)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_cancelled_it_can_be_checked_again(browser: Browser, inside: Organization) -> None:
    upload(browser, TABLE)
    source = Import.objects.get()
    browser.post(reverse("cancellation", pk=source.pk))
    assert "Which column is what?" in browser.get(reverse("import", pk=source.pk)).content.decode()


def test_the_task_is_promised_once(browser: Browser, inside: Organization) -> None:
    upload(browser, "nome\nAna\n")
    source = Import.objects.get()
    form = {"has_header": "on", "duplicates": "skip", "column_0": "name"}
    for _twice in range(2):
        browser.post(reverse("columns", pk=source.pk), form)
    assert PendingJob.objects.filter(name="transfers.check").count() == 1


def test_not_for_staff(pages: Any, acme: Organization, bob: User) -> None:
    browser = pages(bob, acme)
    for name in ("import_new", "import_list", "export"):
        assert browser.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("state", ["matching", "checked", "done", "failed"])
def test_at_most_six_statements(browser: Browser, inside: Organization, state: str) -> None:
    upload(browser, xlsx(*[[f"h{n}" for n in range(30)], *[[f"x{n}" for n in range(30)]] * 30]), "x.xlsx")
    Import.objects.update(state=state, errors=[[n, "wrong"] for n in range(20)], refused=30)
    for copy in range(30):
        Import.objects.create(file_name=f"{copy}.csv")
    for path in (reverse("import", pk=Import.objects.earliest("created_at").pk), reverse("import_list"),
                 reverse("import_new"), reverse("export")):  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(path).status_code == 200
        assert len(asked) <= 6, [query["sql"] for query in asked]


def test_a_closed_upload_says_what_to_do(browser: Browser, inside: Organization) -> None:
    upload(browser, TABLE)
    Import.objects.update(file="")
    page = browser.get(reverse("import", pk=Import.objects.get().pk)).content.decode()
    assert "The file has been removed" in page


def test_xlsx_from_a_browser(browser: Browser, inside: Organization) -> None:
    answer = upload(browser, io.BytesIO(xlsx(["Cliente"], ["Ana"])).read(), "x.csv")
    assert answer.status_code == 302
    assert Import.objects.get().reading["kind"] == "xlsx"
