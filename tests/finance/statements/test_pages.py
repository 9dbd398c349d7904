"""/finance/ as a browser uses it, and what it answers to nonsense."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from tests.factories.clients import ClientFactory
from tests.finance.statements.conftest import books, entry, paid

pytestmark = pytest.mark.usefixtures("inside")
PAGES = ["/finance/", "/finance/ageing/", "/finance/income/"]
FILES = ["/finance/cash-flow.csv", "/finance/ageing.csv", "/finance/income.csv"]
NONSENSE = [
    "from=x&until=2026-99-99", "from=2026-11-30&until=2026-11-01", "from=0001-01-01&until=9999-12-31",
    "by=year&basis=none", "opening=1e400", "opening=NaN", "opening=--", "page=0", "page=99999999999", "page=%00",
    "from=2026-01-01", "until=2000-01-01", "from=2100-12-31", "by=day&from=2020-01-01&until=2026-01-01", "from=%00",
]  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_empty_books_show(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_few_statements_however_many_entries(browser: Browser, path: str) -> None:
    books(3)
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    assert len(asked) <= 6


@pytest.mark.parametrize("query", NONSENSE)
@pytest.mark.parametrize("path", [*PAGES, "/finance/cash-flow.csv", "/finance/income.csv"])
def test_pages_forgive(browser: Browser, path: str, query: str) -> None:
    assert browser.get(f"{path}?{query}").status_code == 200


def test_a_client_account_as_page_csv_and_paper(browser: Browser) -> None:
    today = current.today()
    ana = ClientFactory(name="Conceição <b>")
    paid(entry("1250.00", today, client=ana, description="=Limpeza & cloro <i>"), "250.00", today)
    page = browser.get(f"/finance/clients/{ana.pk}/").content.decode()
    assert "Limpeza &amp; cloro &lt;i&gt;" in page
    assert "1,000.00" in page
    content = browser.get(f"/finance/clients/{ana.pk}/statement.csv").content.decode()
    assert "'=Limpeza" in content
    assert "1000.00" in content
    paper = browser.get(f"/finance/clients/{ana.pk}/statement.pdf")
    assert paper["Content-Type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Conceição" in text
    assert "Page 1 of 1" in text


def test_a_csv_speaks_the_readers_language(browser: Browser) -> None:
    entry("1250.00", date(2020, 1, 1), party="Loja")
    browser.cookies["language"] = "pt-br"
    assert "1250,00" in browser.get("/finance/ageing.csv").content.decode()


API = "/api/v1/statements"


@pytest.mark.parametrize("name", ["cash-flow", "ageing", "income"])
def test_the_api_tells_the_same(api: Callable[..., APIClient], acme: Organization, alice: User, name: str) -> None:
    books(2)
    answer = api(alice, acme).get(f"{API}/{name}/")
    assert answer.status_code == 200
    assert answer.json()["rows"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("cash-flow/?from=x", "from"), ("cash-flow/?by=year", "by"), ("cash-flow/?opening=NaN", "opening"),
        ("income/?from=2020-01-01&until=2026-01-01", "until"), ("income/?basis=x", "basis"),
        ("income/?from=2026-02-01&until=2026-01-01", "until"),
        ("ageing/?page_size=0", "page_size"), ("ageing/?nope=1", "nope"),
    ],
)  # fmt: skip
def test_the_api_refuses_by_name(
    api: Callable[..., APIClient], acme: Organization, alice: User, path: str, field: str
) -> None:
    answer = api(alice, acme).get(f"{API}/{path}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_nobody_else_sees_them(
    api: Callable[..., APIClient], pages: Any, acme: Organization, globex: Organization, bob: User, carol: User
) -> None:
    ana = ClientFactory(name="Ana")
    url = f"{API}/client/{ana.pk}/"
    assert api(None, acme).get(url).status_code == 401
    assert api(bob, acme).get(url).status_code == 403  # staff reads no money
    assert api(carol, globex).get(url).status_code == 404
    assert pages(bob, acme).get("/finance/").status_code == 403
    assert pages(carol, globex).get(f"/finance/clients/{ana.pk}/").status_code == 404
