"""The pages of money, as somebody at a desk uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client
from tenant_apps.finance import services
from tenant_apps.finance.forms import read_amount
from tenant_apps.finance.models import Category, ChargeLink, Entry, Payment, Recurrence
from tests.finance.conftest import JAN_10, Owes

URL = "/entries/"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("inside")


def new(**given: Any) -> dict[str, Any]:
    usual = {
        "kind": "receivable",
        "description": "Filter",
        "amount": "1.234,50",
        "due_on": "2026-02-01",
        "instalments": 1,
    }
    return {**usual, **given}


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12", "12"), ("12,5", "12.5"), ("12.50", "12.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"),
        ("R$ 1.234", "1234"), ("1.234.567", "1234567"), ("1.234.567,89", "1234567.89"), ("-3,10", "-3.10"),
        ("0,005", "0.005"), ("0.5", "0.5"),
        ("ten", None), ("", None), ("1e5", None), ("--1", None), ("1" * 30, "1" * 30),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_mean_them(typed: str, amount: str | None) -> None:
    assert read_amount(typed) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("path", [URL, "/recurrences/", "/settings/receiving/", "/entries/new/", "/entries/export/"])
def test_who_may_not_see_money_sees_none(
    pages: Callable, acme: Organization, bob: User, desk: Browser, path: str
) -> None:
    assert pages(bob, acme).get(path).status_code == 403
    assert pages(None, acme).get(path).status_code == 302
    assert desk.get(path).status_code == 200


def test_an_empty_book_says_what_it_is_for(desk: Browser) -> None:
    assert "No entries yet" in text_of(desk.get(URL))


def test_the_list_is_found_filtered_and_added_up(desk: Browser, owes: Owes, ana: Client) -> None:
    owes(description="Pump")
    owes(description="Salt", kind="payable", client=None, party="Casa do Sal")
    page = text_of(desk.get(URL))
    assert "Pump" in page
    assert "Casa do Sal" in page
    answer = desk.get(URL, {"kind": "receivable", "search": "ana", "status": "overdue"}, headers=HTMX)
    page = text_of(answer)
    assert "Pump" in page
    assert "Salt" not in page
    assert "<html" not in page
    assert "R$100.00" in page.replace("R$ ", "R$")
    assert answer["HX-Push-Url"] == "/entries/?search=ana&kind=receivable&status=overdue"
    assert 'class="chip"' in text_of(desk.get(URL, {"client": str(ana.pk), "due_from": "2026-01-01"}))


@pytest.mark.parametrize(
    "query",
    [
        "kind=gift&status=late&sort=x&page=²", "client=x&category=y&group=z", "due_from=2026-13-01&due_until=soon",
        "search=%00&page=-1", "search=" + "a" * 500, "page=99999999999",
    ],
)  # fmt: skip
def test_an_address_that_nobody_understands_shows_the_list(desk: Browser, owes: Owes, query: str) -> None:
    owes()
    assert desk.get(f"{URL}?{query}").status_code == 200


def test_a_page_costs_few_statements_however_many_entries(desk: Browser, owes: Owes) -> None:
    for number in range(12):
        owes(description=f"Visit {number}")
    desk.get(URL)
    with CaptureQueriesContext(connection) as seen:
        assert desk.get(URL, headers=HTMX).status_code == 200
    assert len([query for query in seen if query["sql"].startswith("SELECT")]) <= 6, [q["sql"][:120] for q in seen]


def test_written_down_once_however_often_it_is_sent(desk: Browser, ana: Client) -> None:
    category = Category.objects.create(name="Parts", kind="receivable")
    body = new(id=str(uuid7()), client=str(ana.pk), category=str(category.pk), instalments=3)
    first, second = desk.post("/entries/new/", body), desk.post("/entries/new/", body)
    assert first.status_code == 302, text_of(first)
    assert first["Location"] == second["Location"]
    assert [one.amount for one in Entry.objects.order_by("instalment")] == [Decimal("411.50")] * 3


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", {"amount": "0"}), ("amount", {"amount": "ten"}), ("amount", {"amount": "1.234.567.890.123,00"}),
        ("amount", {"amount": "-5"}), ("due_on", {"due_on": "2026-02-30"}), ("due_on", {"due_on": "0001-01-01"}),
        ("client", {"client": "x"}), ("client", {"client": str(uuid7())}), ("category", {"category": str(uuid7())}),
        ("discount", {"discount": "9999"}), ("instalments", {"instalments": "999999999999"}),
        ("description", {"description": ""}), ("description", {"description": "a\x00"}), ("kind", {"kind": "x"}),
        ("late_fee", {"late_fee": "101"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(desk: Browser, field: str, given: dict[str, Any]) -> None:
    answer = desk.post("/entries/new/", new(**given))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Entry.objects.exists()


def test_instalments_are_shown_while_one_types(desk: Browser) -> None:
    given = {"amount": "100", "due_on": "2026-01-31", "instalments": "3"}
    page = text_of(desk.get("/entries/instalments/", given))
    assert page.count("<li>") == 3
    assert "33.34" in page
    for bad in ({"amount": "x"}, {"instalments": "9" * 99}, {"due_on": "9999-12-31"}, {"instalments": "²"}):
        assert "<li>" not in text_of(desk.get("/entries/instalments/", {**given, **bad}))


def test_changed_on_top_of_what_one_saw(desk: Browser, owes: Owes) -> None:
    entry = owes()
    body = {**new(description="Other", amount="100,00"), "version": 1}
    assert desk.post(f"{URL}{entry.pk}/edit/", body).status_code == 302
    stale = desk.post(f"{URL}{entry.pk}/edit/", {**body, "description": "Third"})
    assert stale.status_code == 422
    assert "someone else" in text_of(stale)
    entry.refresh_from_db()
    assert entry.description == "Other"


def test_paid_in_part_from_the_window_and_taken_back(desk: Browser, owes: Owes) -> None:
    entry = owes()
    window = text_of(desk.get(f"{URL}{entry.pk}/payment/", headers=HTMX))
    assert "<html" not in window
    key = re.findall(r'name="id" value="([^"]+)"', window)[0]
    body = {"id": key, "amount": "40,00", "paid_on": "2026-01-12", "method": "cash"}
    for _ in range(2):
        answer = desk.post(f"{URL}{entry.pk}/payment/", body, headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{URL}{entry.pk}/")
    payment = Payment.objects.get()
    over = desk.post(f"{URL}{entry.pk}/payment/", {**body, "id": "", "amount": "60,01"}, headers=HTMX)
    assert over.status_code == 422
    assert "more than is open: R$60.00" in text_of(over)
    page = text_of(desk.get(f"{URL}{entry.pk}/"))
    assert "R$40.00" in page.replace("R$ ", "R$")
    assert desk.get(f"/entries/payments/{payment.pk}/receipt/").content.startswith(b"%PDF")
    assert desk.post(f"/entries/payments/{payment.pk}/reversal/").status_code == 302
    assert desk.post(f"/entries/payments/{payment.pk}/reversal/").status_code == 409
    entry.refresh_from_db()
    assert entry.paid == 0


def test_many_are_marked_as_paid(desk: Browser, owes: Owes) -> None:
    ids = [str(owes().pk), str(owes().pk), "x"]
    assert desk.post("/entries/payments/", {"ids": ids, "paid_on": "2026-01-12", "method": "pix"}).status_code == 302
    assert Payment.objects.count() == 2
    assert desk.post("/entries/payments/", {"ids": ids, "paid_on": "never"}).status_code == 422


def test_cancelled_restored_and_gone(desk: Browser, owes: Owes) -> None:
    entry = owes()
    path = f"{URL}{entry.pk}/"
    assert desk.post(f"{path}cancellation/").status_code == 302
    assert "Cancelled on" in text_of(desk.get(path))
    assert desk.get(f"{path}edit/").status_code == 409
    assert desk.post(f"{path}restoration/").status_code == 302
    assert desk.post(f"{path}removal/")["Location"] == URL
    assert desk.get(path).status_code == 404


def test_what_has_payments_is_not_cancelled_and_one_finds_the_way_back(desk: Browser, owes: Owes) -> None:
    entry = owes()
    path = f"{URL}{entry.pk}/"
    services.pay_entry(entry, actor=None, amount=Decimal(1), method="cash", paid_on=date(2026, 1, 2))
    assert "reverse its payments first" in text_of(desk.get(path))
    host = desk.defaults["HTTP_HOST"]
    for came, back in (
        (f"http://{host}{path}", f'href="{path}"'),
        (f"http://{host}//x.example/", 'href="/x.example/"'),
    ):
        refused = desk.post(f"{path}cancellation/", headers={"Referer": came})
        assert (refused.status_code, back in refused.content.decode()) == (409, True)
    away = desk.post(f"{path}cancellation/", headers={"Referer": "http://x.example/"})
    assert "x.example" not in away.content.decode()


def test_the_link_is_shown_once_and_withdrawn(desk: Browser, owes: Owes) -> None:
    entry = owes()
    services.update_policy(actor=None, pix_key="ana@clients.example", pix_name="Acme", pix_city="Santos")
    page = text_of(desk.post(f"{URL}{entry.pk}/link/"))
    assert "/pay/" in page
    again = text_of(desk.get(f"{URL}{entry.pk}/"))
    assert "/pay/" not in again
    assert "pix-code" in again
    assert desk.post(f"{URL}{entry.pk}/links/removal/").status_code == 302
    assert ChargeLink.objects.get().revoked_at
    assert desk.get(f"{URL}{entry.pk}/charge/").content.startswith(b"%PDF")
    assert desk.post(f"{URL}{owes(kind='payable').pk}/link/").status_code == 404


def test_clients_are_found_as_one_types(desk: Browser, ana: Client) -> None:
    assert str(ana.pk) in text_of(desk.get("/entries/clients/", {"q": "lim"}))
    assert "Nobody found" in text_of(desk.get("/entries/clients/", {"q": "zzz\x00"}))
    assert text_of(desk.get("/entries/clients/")).strip() == ""


def test_how_the_firm_is_paid(desk: Browser) -> None:
    body = {
        "pix_key": "529.982.247-25",
        "pix_name": "Ação Piscinas",
        "pix_city": "Santos",
        "late_fee": "2",
        "interest": "1",
    }
    answer = desk.post("/settings/receiving/", {**body, "due_days": 5, "link_days": 30})
    assert answer.status_code == 302, text_of(answer)
    kept = services.policy()
    assert (kept.pix_key, kept.pix_name, kept.late_fee) == ("52998224725", "Acao Piscinas", Decimal(2))
    wrong = desk.post("/settings/receiving/", {**body, "pix_key": "x", "due_days": 5, "link_days": 30})
    assert "pix_key" in wrong.context["form"].errors
    assert desk.post("/settings/receiving/categories/", {"name": "Events", "kind": "receivable"}).status_code == 302
    made = Category.objects.get(name="Events")
    twice = desk.post("/settings/receiving/categories/", {"name": "Events", "kind": "receivable"})
    assert "name" in twice.context["category_form"].errors
    desk.post(f"/settings/receiving/categories/{made.pk}/use/")
    made.refresh_from_db()
    assert not made.is_active


def test_what_comes_back_every_month(desk: Browser) -> None:
    body = {"kind": "payable", "description": "Rent", "amount": "900", "day": 5, "starts_on": "2098-01-01"}
    assert desk.post("/recurrences/new/", body).status_code == 302
    made = Recurrence.objects.get()
    assert "Rent" in text_of(desk.get("/recurrences/"))
    path = f"/recurrences/{made.pk}/"
    assert desk.post(path, {**body, "version": 1, "amount": "950"}).status_code == 302
    assert "someone else" in text_of(desk.post(path, {**body, "version": 1, "amount": "960"}))
    assert "day" in desk.post(path, {**body, "version": 2, "day": 40}).context["form"].errors
    assert desk.post(f"{path}removal/").status_code == 302
    assert not Recurrence.objects.exists()


def test_the_file_holds_what_the_list_shows(desk: Browser, owes: Owes) -> None:
    owes(description="Pump", due_on=date(2026, 1, 1))
    owes(description="Filter", due_on=JAN_10)
    body = b"".join(desk.get("/entries/export/", {"due_until": "2026-01-05"})).decode()  # type: ignore[arg-type]
    assert "Pump" in body
    assert "Filter" not in body


def test_a_clients_page_says_what_it_owes(desk: Browser, owes: Owes, ana: Client) -> None:
    path = f"/entries/clients/{ana.pk}/"
    assert path in text_of(desk.get(f"/clients/{ana.pk}/"))
    assert "owes nothing" in text_of(desk.get(path))
    owes(description="Pump")
    assert "Pump" in text_of(desk.get(path))


def test_two_records_of_a_client_bring_what_both_owe(owes: Owes, ana: Client) -> None:
    other = clients.create_client(actor=None, name="Ana L.")
    owes(client=other)
    clients.merge_clients(ana, other, actor=None)
    assert Entry.objects.get().client == ana
