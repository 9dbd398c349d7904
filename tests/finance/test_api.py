"""/api/v1/entries/ and what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Client
from tenant_apps.finance import payment_queries, queries, services
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.serializers import EntryRowSerializer, PaymentRowSerializer
from tests.finance.conftest import JAN_10, Owes

URL = "/api/v1/entries/"
pytestmark = pytest.mark.usefixtures("inside")
PAID = {"amount": "100.00", "method": "pix", "paid_on": "2026-01-10"}


def descriptions(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["description"] for row in answer.json()["results"]]


@pytest.mark.parametrize("path", [URL, "/api/v1/payments/", "/api/v1/recurrences/", "/api/v1/receiving/"])
def test_money_is_for_who_may_see_it_and_of_one_organization(
    api: Callable[..., APIClient], staff: APIClient, acme: Organization, globex: Organization, carol: User, path: str,
    owes: Owes,
) -> None:  # fmt: skip
    owes()
    assert staff.get(path).status_code == 403
    assert api(None, acme).get(path).status_code == 401
    answer = api(carol, globex).get(path)
    assert answer.status_code == 200
    assert "Ana" not in answer.content.decode()


def test_another_organization_finds_nothing(
    api: Callable[..., APIClient], carol: User, globex: Any, owes: Owes
) -> None:
    entry = owes()
    payment = services.pay_entry(entry, actor=None, amount=Decimal(1), method="pix", paid_on=JAN_10)
    carols = api(carol, globex)
    assert carols.get(f"{URL}{entry.pk}/").status_code == 404
    assert carols.post(f"{URL}{entry.pk}/payments/", PAID).status_code == 404
    assert carols.post(f"/api/v1/payments/{payment.pk}/reversal/", {}).status_code == 404
    body = {"description": "X", "amount": "1", "due_on": "2026-01-01", "client": str(entry.client_id)}
    refused = carols.post(URL, body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "client")


def test_written_paid_in_part_and_reversed(owner: APIClient, ana: Client) -> None:
    body = {"description": "Filter", "amount": "90.00", "due_on": "2026-02-01", "client": str(ana.pk), "instalments": 3}
    made = owner.post(URL, body)
    assert made.status_code == 201, made.content
    entry = made.json()
    assert (entry["amount"], entry["instalments"], entry["state"]) == ("30.00", 3, "overdue")
    assert len(owner.get(URL, {"group": entry["group"]}).json()["results"]) == 3
    path = f"{URL}{entry['id']}/"
    paid = owner.post(f"{path}payments/", {"amount": "10.00", "method": "cash", "paid_on": "2026-01-20"})
    assert paid.status_code == 201, paid.content
    assert owner.get(path).json()["paid"] == "10.00"
    refused = owner.post(f"{path}payments/", {"amount": "20.01", "method": "cash", "paid_on": "2026-01-20"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "amount")
    assert owner.post(f"{path}cancellation/", {}).json()["code"] == "has_payments"
    assert owner.delete(path).json()["code"] == "has_payments"
    reversal = f"/api/v1/payments/{paid.json()['id']}/reversal/"
    assert owner.post(reversal, {"reason": "bounced"}).status_code == 201
    assert owner.post(reversal, {}).json()["code"] == "already_reversed"
    assert owner.post(f"{path}cancellation/", {"reason": "mistake"}).status_code == 201
    assert owner.post(f"{path}payments/", PAID).json()["code"] == "entry_cancelled"
    assert owner.delete(f"{path}cancellation/").status_code == 204


def test_a_change_needs_the_version(owner: APIClient, owes: Owes) -> None:
    path = f"{URL}{owes().pk}/"
    assert owner.patch(path, {"amount": "5.00"}).status_code == 428
    assert owner.patch(path, {"amount": "5.00"}, HTTP_IF_MATCH='"v1"')["ETag"] == '"v2"'
    assert owner.patch(path, {"amount": "6.00"}, HTTP_IF_MATCH='"v1"').status_code == 412


def test_one_key_one_payment(owner: APIClient, owes: Owes) -> None:
    path = f"{URL}{owes().pk}/payments/"
    body = {**PAID, "amount": "10.00"}
    answers = [owner.post(path, body, HTTP_IDEMPOTENCY_KEY="k-1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", "1e400"),
        ("amount", "-1"),
        ("amount", "0.001"),
        ("amount", "0"),
        ("amount", "NaN"),
        ("due_on", "2026-02-30"),
        ("due_on", "9999-12-31"),
        ("client", "x"),
        ("client", "00000000-0000-7000-8000-000000000000"),
        ("category", 7),
        ("description", "a\x00b"),
        ("description", ""),
        ("kind", "gift"),
        ("instalments", 10**30),
        ("discount", "999999"),
        ("late_fee", "-3"),
        ("paid", "3"),
        ("nothing", "3"),
    ],
)
def test_bad_input_names_its_field(owner: APIClient, field: str, given: Any) -> None:
    body = {"description": "X", "amount": "10.00", "due_on": "2026-01-01", field: given}
    answer = owner.post(URL, body)
    if field == "paid":  # only read: taken and left alone
        assert answer.status_code == 201
        assert Entry.objects.get().paid == 0
        return
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert not Entry.objects.exists()


def test_the_list_is_filtered_by_how_things_stand(owner: APIClient, owes: Owes, ana: Client) -> None:
    owes(description="late")
    owes(description="coming", due_on=JAN_10.replace(year=2098))
    cancelled, paid = owes(description="cancelled"), owes(description="paid")
    services.cancel_entry(cancelled, actor=None)
    services.pay_entry(paid, actor=None, amount=Decimal(100), method="pix", paid_on=JAN_10)
    owes(description="rent", kind="payable", client=None, party="Imobiliária Sol")
    found = {
        status: sorted(descriptions(owner.get(URL, {"status": status, "kind": "receivable"})))
        for status in ("open", "overdue", "paid", "cancelled", "partial")
    }
    assert found == {
        "open": ["coming", "late"], "overdue": ["late"], "paid": ["paid"], "cancelled": ["cancelled"], "partial": [],
    }  # fmt: skip
    assert descriptions(owner.get(URL, {"search": "imobili"})) == ["rent"]
    assert len(descriptions(owner.get(URL, {"search": "ana lim"}))) == 3
    assert len(descriptions(owner.get(URL, {"client": str(ana.pk), "due_until": "2026-01-10"}))) == 2
    assert descriptions(owner.get(URL, {"ordering": "-due_on"}))[0] == "coming"
    totals = owner.get(f"{URL}totals/", {"kind": "receivable"}).json()
    assert totals == {"count": 3, "amount": "300.00", "paid": "100.00", "open": "200.00"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "late"), ("kind", "x"), ("client", "x"), ("due_from", "soon"), ("due_until", "2026-13-01"), ("x", "1")],
)
def test_a_wrong_filter_is_an_error_that_names_it(owner: APIClient, name: str, value: str) -> None:
    answer = owner.get(URL, {name: value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)


def test_rows_are_what_their_serializers_describe(owner: APIClient, owes: Owes) -> None:
    services.pay_entry(owes(), actor=None, amount=Decimal(1), method="pix", paid_on=JAN_10)
    with CaptureQueriesContext(connection) as seen:
        row = owner.get(URL).json()["results"][0]
    assert len(seen) <= 4
    assert set(row) == set(queries.ROW) == set(EntryRowSerializer().fields)
    assert (row["amount"], row["paid"], row["state"], row["client_name"]) == ("100.00", "1.00", "overdue", "Ana Lima")
    payment = owner.get("/api/v1/payments/", {"paid_from": "2026-01-10", "method": "pix"}).json()["results"][0]
    assert set(payment) == set(payment_queries.PAYMENT_ROW) == set(PaymentRowSerializer().fields)
    assert (payment["amount"], payment["reversed"]) == ("1.00", False)


def test_the_csv_speaks_the_readers_language_and_runs_nothing(owner: APIClient, owes: Owes) -> None:
    owes(description="=1+1")
    body = b"".join(owner.get(f"{URL}export/", HTTP_ACCEPT_LANGUAGE="pt-br")).decode()  # type: ignore[arg-type]
    assert body.startswith("\ufeffTipo;")
    assert ";'=1+1;Ana Lima;" in body
    assert ";100,00;0,00;02/01/2026;10/01/2026;" in body
    assert b"100.00" in b"".join(owner.get(f"{URL}export/", HTTP_ACCEPT_LANGUAGE="en"))  # type: ignore[arg-type]


def test_pix_needs_a_key_and_is_for_what_is_to_be_received(owner: APIClient, owes: Owes) -> None:
    entry = owes()
    assert owner.get(f"{URL}{entry.pk}/pix/").json()["code"] == "no_pix_key"
    given = {"pix_key": "ana@clients.example", "pix_name": "Acme", "pix_city": "Santos"}
    assert owner.patch("/api/v1/receiving/", given).status_code == 200
    charge = owner.get(f"{URL}{entry.pk}/pix/").json()
    assert charge["amount"] == "100.00"
    assert "5406100.00" in charge["code"]
    assert owner.get(f"{URL}{owes(kind='payable').pk}/pix/").status_code == 404
    assert owner.patch("/api/v1/receiving/", {"pix_key": "nobody"}).json()["errors"][0]["field"] == "pix_key"


def test_categories(owner: APIClient) -> None:
    url = "/api/v1/categories/"
    assert len(owner.get(url).json()["results"]) == 12
    made = owner.post(url, {"name": "Events", "kind": "receivable"}).json()
    assert owner.post(url, {"name": "Events", "kind": "receivable"}).json()["code"] == "category_taken"
    assert owner.patch(f"{url}{made['id']}/", {"is_active": False}).json()["is_active"] is False
    assert owner.delete(f"{url}{made['id']}/").status_code == 204


def test_recurrences(owner: APIClient) -> None:
    url = "/api/v1/recurrences/"
    body = {"kind": "payable", "description": "Rent", "amount": "900.00", "day": 31, "starts_on": "2098-01-01"}
    made = owner.post(url, body)
    assert made.status_code == 201, made.content
    path = f"{url}{made.json()['id']}/"
    assert owner.patch(path, {"day": 32}, HTTP_IF_MATCH="*").json()["errors"][0]["field"] == "day"
    assert owner.patch(path, {"ends_on": "2097-01-01"}, HTTP_IF_MATCH="*").json()["errors"][0]["field"] == "ends_on"
    assert owner.patch(path, {"amount": "950.00"}, HTTP_IF_MATCH="*").json()["amount"] == "950.00"
    early = owner.post(url, {**body, "starts_on": "2010-01-01"})
    assert early.json()["errors"][0]["field"] == "starts_on"
    assert owner.delete(path).status_code == 204
