"""The list of payments: its filters, its sums, its file, and the numbers elsewhere that lead to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Client
from tenant_apps.finance import services
from tenant_apps.finance.models import Category, Entry
from tests.factories.clients import ClientFactory
from tests.finance.conftest import JAN_10, Owes

URL, API = "/payments/", "/api/v1/payments/"
pytestmark = pytest.mark.usefixtures("inside")


def pays(entry: Entry, amount: str, on: date = JAN_10, method: str = "pix", extra: str = "0") -> Any:
    given = {"amount": Decimal(amount), "extra": Decimal(extra), "method": method, "paid_on": on}
    return services.pay_entry(entry, actor=None, **given)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(str(answer.content.decode())).replace("\xa0", " ")


def names(page: str) -> list[str]:
    return re.findall(r'class="main" href="[^"]+">([^<]+)<', page)


@pytest.fixture
def book(owes: Owes) -> dict[str, Any]:
    category = Category.objects.create(name="Chlorine", kind="payable")
    visit, repair = owes(description="Visit"), owes(description="Repair", client=ClientFactory(name="Bruno"))
    rent = owes(kind="payable", client=None, party="Landlord", description="Rent", category=category)
    pays(visit, "60.00")
    pays(visit, "42.00", date(2026, 1, 20), "cash", extra="2.00")
    services.reverse_payment(pays(repair, "70.00", date(2026, 2, 3)), actor=None)
    pays(rent, "100.00", date(2026, 2, 5), "transfer")
    return {"visit": visit, "repair": repair, "rent": rent, "category": category}


def test_what_counts_with_its_sums(desk: Browser, book: dict[str, Any]) -> None:
    page = text_of(desk.get(URL))
    assert names(page) == ["Rent", "Visit", "Visit"]  # newest first, without what was reversed
    assert "3 payments" in page
    for sum in ("R$102.00", "R$100.00", "R$2.00"):
        assert f'class="money">{sum}<' in page
    assert f'href="/entries/{book["visit"].pk}/"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=receivable", ["Visit", "Visit"]),
        ("kind=payable", ["Rent"]),
        ("method=cash", ["Visit"]),
        ("paid_from=2026-01-11", ["Rent", "Visit"]),
        ("paid_from=2026-01-11&paid_until=2026-01-31", ["Visit"]),
        ("status=reversed", ["Repair"]),
        ("method=boleto", []),
    ],
)
def test_filters(desk: Browser, book: dict[str, Any], query: str, found: list[str]) -> None:
    assert names(text_of(desk.get(f"{URL}?{query}"))) == found


def test_filters_by_client_and_category_are_named(desk: Browser, ana: Client, book: dict[str, Any]) -> None:
    page = text_of(desk.get(f"{URL}?client={ana.pk}"))
    assert (names(page), "Client: Ana Lima" in page) == (["Visit", "Visit"], True)
    page = text_of(desk.get(f"{URL}?category={book['category'].pk}"))
    assert (names(page), "Category: Chlorine" in page) == (["Rent"], True)


@pytest.mark.parametrize(
    "query",
    [
        "page=x", "page=999999", "client=1", "client=01a224ac-261b-7715-ac18-e72b12cd7d6a", "category=%00",
        "paid_from=2026-02-30",
        "paid_until=%00", "kind=none", "method=%00&status=x", "q=nobody",
    ],
)  # fmt: skip
def test_the_page_forgives(desk: Browser, book: dict[str, Any], query: str) -> None:
    assert desk.get(f"{URL}?{query}").status_code in ({404} if query == "page=999999" else {200})


def test_an_empty_book_teaches(desk: Browser) -> None:
    assert "No payments yet" in text_of(desk.get(URL))
    assert "Nothing found" in text_of(desk.get(f"{URL}?kind=payable"))


def test_the_file_holds_what_the_list_shows(desk: Browser, book: dict[str, Any]) -> None:
    answer: Any = desk.get(f"{URL}export/?kind=receivable")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2026-01-20,Received,Visit,Ana Lima,,")
    assert ",42.00,2.00,0.00," in lines[1]
    desk.cookies["language"] = "pt-br"
    answer = desk.get(f"{URL}export/?status=reversed")
    (line,) = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert "70,00" in line
    assert line.endswith(";sim")


def test_who_may_not_see_money_sees_none(
    pages: Callable[..., Browser], staff: APIClient, acme: Organization, bob: User, book: dict[str, Any]
) -> None:
    browser = pages(bob, acme)
    for path in (URL, f"{URL}export/"):
        assert browser.get(path).status_code == 403
    for path in (API, f"{API}totals/", f"{API}export/"):
        assert staff.get(path).status_code == 403


def test_the_api_filters_and_sums(owner: APIClient, ana: Client, book: dict[str, Any]) -> None:
    def found(**query: Any) -> list[str]:
        return [row["description"] for row in owner.get(API, query).json()["results"]]

    assert found() == ["Rent", "Repair", "Visit", "Visit"]
    assert found(status="counted", kind="receivable", client=str(ana.pk)) == ["Visit", "Visit"]
    assert found(category=str(book["category"].pk)) == ["Rent"]
    totals = owner.get(f"{API}totals/", {"status": "counted"}).json()
    assert totals == {"count": 3, "received": "102.00", "spent": "100.00", "extra": "2.00", "discount": "0.00"}
    answer: Any = owner.get(f"{API}export/", {"kind": "payable"})
    assert b"Landlord" in b"".join(answer.streaming_content)
    for query in ({"kind": "x"}, {"status": "x"}, {"paid_from": "x"}, {"client": "x"}, {"colour": "red"}):
        assert owner.get(API, query).status_code == 400, query
        assert owner.get(f"{API}totals/", query).status_code == 400, query


def test_few_statements_however_many_payments(desk: Browser, owes: Owes) -> None:
    for number in range(30):
        pays(owes(description=f"Visit {number}"), "100.00")
    desk.get(URL)
    with CaptureQueriesContext(connection) as asked:
        desk.get(URL)
    statements = [query["sql"] for query in asked if "search_path" not in query["sql"]]
    assert len(statements) <= 5, statements


def test_a_month_is_one_tap_away(desk: Browser, owes: Owes) -> None:
    today = current.today()
    pays(owes(description="Now"), "100.00", today)
    pays(owes(description="Before"), "100.00", today.replace(day=1) - timedelta(days=1))
    pays(owes(description="Long ago"), "100.00")
    page = text_of(desk.get(f"{URL}?kind=receivable"))
    for label, listed in (
        ("This month", ["Now"]),
        ("Last month", ["Before"]),
        ("Any day", ["Now", "Before", "Long ago"]),
    ):
        chip = re.search(rf'<a class="chip" href="([^"]+)"[^>]*>{label}<', page)
        assert chip
        assert "kind=receivable" in chip[1]
        shown = text_of(desk.get(f"{URL}{chip[1]}"))
        assert names(shown) == listed
        assert re.search(rf'aria-current="page">{label}<', shown)


def test_cash_flow_leads_to_its_payments(desk: Browser, book: dict[str, Any]) -> None:
    page = text_of(desk.get("/finance/?from=2026-01-01&until=2026-02-28"))
    january = re.search(r'<td><a href="(/payments/[^"]+kind=receivable[^"]+)">R\$102.00', page)
    assert january
    assert names(text_of(desk.get(january[1]))) == ["Visit", "Visit"]
    february = re.search(r'<td><a href="(/payments/[^"]+kind=payable[^"]+)">R\$100.00', page)
    assert february
    assert names(text_of(desk.get(february[1]))) == ["Rent"]


@pytest.mark.parametrize(("basis", "listed"), [("cash", "/payments/"), ("accrual", "/entries/")])
def test_the_income_statement_leads_to_what_it_counts(
    desk: Browser, book: dict[str, Any], basis: str, listed: str
) -> None:
    page = text_of(desk.get(f"/finance/income/?from=2026-01-01&until=2026-03-31&basis={basis}"))
    cell = re.search(rf'<td><a href="({listed}[^"]*category={book["category"].pk}[^"]*)">R\$100.00', page)
    assert cell
    assert names(text_of(desk.get(cell[1]))) == ["Rent"]


def test_the_dashboards_received_leads_to_payments(desk: Browser, owes: Owes) -> None:
    today = current.today()
    pays(owes(description="Today's"), "100.00", today)
    pays(owes(description="Long ago"), "100.00")
    card = re.search(
        r'<a class="card stat" href="(/payments/[^"]+)"><span class="quiet">Received', text_of(desk.get("/"))
    )
    assert card
    page = text_of(desk.get(card[1]))
    assert names(page) == ["Today's"]
    assert "R$100.00" in page
