"""Clients as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Client
from tenant_apps.transfers import services, tasks
from tenant_apps.transfers.models import Export, Import
from tests.factories.clients import ClientFactory, CustomFieldFactory, PlaceFactory
from tests.transfers.test_pages import reverse


@pytest.fixture
def book(inside: Organization) -> None:
    CustomFieldFactory(key="depth", label="Depth", type="number")
    ana = ClientFactory(
        name="=cmd()", document="52998224725", phone="+5511987654321", tags=["vip", "sol"], custom={"depth": -1.5}
    )
    PlaceFactory(client=ana, city="São Paulo")
    ClientFactory(name="Ávila", email="", tags=["sol"])


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def choice(kind: str, *columns: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "columns": columns, **more}


def test_csv_as_excel_opens_it_in_either_language(browser: Browser, book: None) -> None:
    columns = ("name", "document", "phone", "tags", "place.city", "custom.depth")
    english = body(browser.post(reverse("export"), choice("csv", *columns))).decode()
    assert english.startswith("\ufeffName,CPF or CNPJ,Phone,Tags,Place: city,Depth")
    assert """'=cmd(),529.982.247-25,(11) 98765-4321,"vip, sol",São Paulo,-1.5""" in english
    browser.cookies["language"] = "pt-br"
    portuguese = body(browser.post(reverse("export"), choice("csv", *columns))).decode()
    assert "'=cmd();529.982.247-25;(11) 98765-4321;vip, sol;São Paulo;-1,5" in portuguese


def test_excel_keeps_numbers_and_dates(browser: Browser, book: None) -> None:
    answer = browser.post(reverse("export"), choice("xlsx", "name", "custom.depth", "created_at"))
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(body(answer))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][:2] == ("'=cmd()", -1.5)
    assert isinstance(rows[2][2], datetime)
    assert len(rows) == 3


def test_what_the_filter_shows_or_who_was_picked(browser: Browser, book: None) -> None:
    def names(answer: Any) -> list[str]:
        return [row[0] for row in csv.reader(io.StringIO(body(answer).decode("utf-8-sig")))][1:]

    assert names(browser.post(f"{reverse('export')}?tag=vip&columns=x", choice("csv", "name"))) == ["'=cmd()"]
    picked = str(Client.objects.get(name="Ávila").pk)
    assert names(browser.post(reverse("export"), choice("csv", "name", ids=[picked]))) == ["Ávila"]
    page = browser.post(reverse("export"), {"ids": [picked]}).content.decode()
    assert "those you picked" in page
    assert picked in page
    assert browser.post(reverse("export"), choice("csv")).status_code == 422
    assert "No client to export" in browser.get(f"{reverse('export')}?search=nobody").content.decode()


def test_who_took_how_many_is_on_record(browser: Browser, book: None, alice: User) -> None:
    body(browser.post(reverse("export"), choice("csv", "name")))
    taken = Activity.objects.get(verb="clients.exported")
    assert (taken.actor.user_id, taken.after) == (alice.pk, {"clients": 2, "format": "csv"})


def test_many_are_made_in_the_background_for_who_asked(
    browser: Browser, book: None, settings: Any, pages: Any, acme: Organization, bob: User
) -> None:
    settings.EXPORT_INLINE_ROWS = 1
    answer = browser.post(f"{reverse('export')}?kind=person", choice("xlsx", "name"))
    export = Export.objects.get()
    assert answer["Location"] == reverse("export_detail", pk=export.pk)
    assert "Making the file" in browser.get(answer["Location"]).content.decode()
    assert browser.get(reverse("export_file", pk=export.pk)).status_code == 409
    tasks.export(str(export.pk))
    tasks.export(str(export.pk))
    assert browser.get(reverse("export_progress", pk=export.pk))["HX-Refresh"] == "true"
    assert "The file with 2 clients is ready" in browser.get(answer["Location"]).content.decode()
    assert body(browser.get(reverse("export_file", pk=export.pk))).startswith(b"PK")
    from tenant_apps.team.models import Member

    Member.objects.filter(user_id=bob.pk).update(role="admin")
    assert pages(bob, acme).get(reverse("export_file", pk=export.pk)).status_code == 404
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.get(reverse("export_file", pk=export.pk)).status_code == 404
    services.expire(now=timezone.now())
    assert not Export.objects.exists()


def test_a_stream_asks_the_same_however_many_there_are(browser: Browser, book: None) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(browser.post(reverse("export"), choice("csv", "name", "place.city")))
        return len(asked)

    few = statements()
    for _more in range(20):
        PlaceFactory()
    assert statements() == few


def test_an_export_can_be_imported(browser: Browser, book: None, imported: Callable[..., Import]) -> None:
    taken = body(browser.post(reverse("export"), choice("csv", "name", "document", "phone", "tags", "place.city",
                                                        "custom.depth", "kind")))  # fmt: skip
    Client.objects.all().delete()
    source = imported(taken)
    assert (source.created, source.errors) == (2, [])
    back = Client.objects.get(document="52998224725")
    assert (back.name, back.phone, back.tags, back.custom) == (
        "=cmd()",
        "+5511987654321",
        ["vip", "sol"],
        {"depth": -1.5},
    )
