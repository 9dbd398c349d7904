"""What real gateways send beside the usual: older shapes, other modes, days as Brazil writes them."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from billing.gateways import signatures
from billing.gateways.asaas import AsaasGateway
from billing.gateways.asaas import reading as asaas
from billing.gateways.base import Event, GatewayState, InvoiceState
from billing.gateways.stripe import StripeGateway
from billing.gateways.stripe import reading as stripe

SECRET = "whsec_note"
STARTS, ENDS = 1790812800, 1793404800
INVOICE = {
    "id": "in_1", "object": "invoice", "status": "paid", "currency": "brl", "amount_due": 9900, "amount_paid": 9900,
    "created": STARTS, "customer": "cus_1", "lines": {"data": [{"period": {"start": STARTS, "end": ENDS}}]},
}  # fmt: skip


def rung(payload: dict[str, Any], settings: Any, key: str = "sk_test_1") -> Event:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = key, [SECRET]
    body = json.dumps(payload).encode()
    headers = {"stripe-signature": signatures.sign(body, SECRET, at=int(time.time()))}
    return StripeGateway.from_settings().read_webhook(body, headers)


@pytest.mark.parametrize(("key", "live", "matters"), [
    ("sk_live_1", True, True), ("sk_live_1", False, False), ("sk_test_1", True, False), ("rk_test_1", False, True),
])  # fmt: skip
def test_edge_16_events_of_the_other_mode_change_nothing(key: str, live: bool, matters: bool, settings: Any) -> None:
    payload = {"id": "evt_1", "type": "invoice.paid", "livemode": live, "created": STARTS, "data": {"object": INVOICE}}
    event = rung(payload, settings, key)
    assert (event.is_test, event.matters) == (not live, matters)


def test_edge_19_older_shapes_are_read_too(settings: Any) -> None:
    old = {**INVOICE, "subscription": "sub_1", "payment_intent": "pi_1"}
    event = rung({"id": "evt_1", "type": "invoice.paid", "created": STARTS, "data": {"object": old}}, settings)
    assert (event.subscription, event.invoice, event.customer) == ("sub_1", "in_1", "cus_1")
    read = stripe.invoice(old, {}, frozenset())
    assert (read.subscription, read.state) == ("sub_1", InvoiceState.PAID)
    assert [(one.id, one.amount) for one in read.payments] == [("in_1", Decimal("99.00"))]
    subscription = {"id": "sub_1", "status": "active", "customer": "cus_1", "current_period_start": STARTS,
                    "current_period_end": ENDS}  # fmt: skip
    assert stripe.subscription(subscription).period_ends_at == datetime.fromtimestamp(ENDS, UTC)


def test_the_period_of_items_counts_and_of_two_the_latest() -> None:
    items = [
        {"price": {"id": "price_1", "unit_amount": 1000}, "quantity": 2, "current_period_end": ENDS - 5},
        {"price": {"id": "price_2", "unit_amount": 500}, "quantity": 1, "current_period_end": ENDS},
    ]
    found = {"id": "sub_1", "status": "active", "items": {"data": items}, "current_period_end": STARTS}
    read = stripe.subscription(found)
    assert read.period_ends_at == datetime.fromtimestamp(ENDS, UTC)
    assert (read.prices, read.amount) == (("price_1", "price_2"), Decimal("25.00"))


@pytest.mark.parametrize(("status", "state"), [
    ("incomplete", GatewayState.INCOMPLETE), ("incomplete_expired", GatewayState.NEVER),
    ("unpaid", GatewayState.UNPAID), ("paused", GatewayState.PAUSED), ("brand_new", GatewayState.UNKNOWN),
])  # fmt: skip
def test_edge_18_stripes_words(status: str, state: GatewayState) -> None:
    assert stripe.subscription({"id": "sub_1", "status": status}).state is state


def test_a_free_trials_invoice_is_no_payment() -> None:
    free = {**INVOICE, "amount_due": 0, "amount_paid": 0}
    assert stripe.invoice(free, {}, frozenset()).payments == ()


@pytest.mark.parametrize("thing", [None, [], "x", {}, {"object": None}, {"object": "invoice", "customer": 7}])
def test_edge_18_a_thing_that_is_none(thing: Any, settings: Any) -> None:
    event = rung({"id": "evt_1", "type": "invoice.upcoming", "created": "x", "data": {"object": thing}}, settings)
    assert (event.subscription, event.invoice, event.happened_at) == ("", "", None)


def test_edge_52_days_of_subscription_events() -> None:
    assert asaas.day("02/11/2026") == asaas.day("2026-11-02") == date(2026, 11, 2)
    assert asaas.day("31/02/2026") is None
    assert asaas.day(None) is None


def test_edge_43_a_due_day_ends_at_midnight_in_brazil() -> None:
    assert asaas.end_of(date(2026, 11, 28)).astimezone(UTC) == datetime(2026, 11, 29, 2, 59, 59, tzinfo=UTC)


def test_edge_43_stripes_moments_are_seconds_of_utc() -> None:
    read = stripe.invoice({**INVOICE, "created": 1793404799, "due_date": STARTS}, {}, frozenset())
    assert (read.issued_at, read.due_at) == (
        datetime(2026, 10, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC),
    )  # fmt: skip
    assert [stripe.moment(wrong) for wrong in (None, "1793404799", 1.5, True, 10**20)] == [None] * 5


def test_edge_43_asaas_days_are_brazils() -> None:
    """What is due on a day may be paid until the day is over there, which is the next one in UTC."""
    read = asaas.invoice(charge(status="OVERDUE", dueDate="2026-11-28"), "month", anchor=None)
    ends = datetime(2026, 11, 28, 23, 59, 59, tzinfo=asaas.ZONE)
    assert (read.due_at, read.failed_at) == (ends, ends)
    assert ends.astimezone(UTC) == datetime(2026, 11, 29, 2, 59, 59, tzinfo=UTC)
    assert asaas.today(datetime(2026, 11, 29, 2, 59, 59, tzinfo=UTC)) == date(2026, 11, 28)


def charge(**fields: Any) -> dict[str, Any]:
    return {
        "id": "pay_1", "subscription": "sub_1", "customer": "cus_1", "value": 49.9, "status": "PENDING",
        "dueDate": "2026-01-31", "dateCreated": "2026-01-01", "billingType": "PIX", **fields,
    }  # fmt: skip


@pytest.mark.parametrize(("status", "state"), [
    ("PENDING", InvoiceState.OPEN), ("CONFIRMED", InvoiceState.PAID), ("RECEIVED", InvoiceState.PAID),
    ("RECEIVED_IN_CASH", InvoiceState.PAID), ("DUNNING_RECEIVED", InvoiceState.PAID), ("OVERDUE", InvoiceState.OVERDUE),
    ("REFUND_IN_PROGRESS", InvoiceState.PAID), ("REFUNDED", InvoiceState.REFUNDED),
    ("CHARGEBACK_DISPUTE", InvoiceState.DISPUTED), ("AUTHORIZED", InvoiceState.CHECKED),
    ("SOMETHING_NEW", InvoiceState.UNKNOWN),
])  # fmt: skip
def test_edge_18_asaas_words(status: str, state: InvoiceState) -> None:
    assert asaas.invoice(charge(status=status), "month", anchor=None).state is state


def test_edge_44_amounts_are_exact_and_late_fees_are_no_price() -> None:
    read = asaas.invoice(charge(status="RECEIVED", value=51.05, originalValue=49.9), "month", anchor=None)
    assert (read.amount, read.paid) == (Decimal("49.90"), Decimal("51.05"))
    assert stripe.money(1) + stripe.money(2) == Decimal("0.03")
    read = stripe.invoice({**INVOICE, "amount_due": 1999, "amount_paid": 0, "currency": "usd"}, {}, frozenset())
    assert (str(read.amount), read.currency, type(read.amount)) == ("19.99", "USD", Decimal)
    assert asaas.amount("0.1") == Decimal("0.10")  # as Http reads JSON: from its text, never through a float


def test_periods_come_back_to_the_31st() -> None:
    anchor = date(2026, 1, 31)
    read = [asaas.invoice(charge(dueDate=due), "month", anchor=anchor) for due in ("2026-02-28", "2026-03-31")]
    ends = [one.period_ends_at.astimezone(asaas.ZONE).date() for one in read if one.period_ends_at]
    assert ends == [date(2026, 3, 31), date(2026, 4, 30)]


def test_money_that_comes_a_month_later_is_paid_today() -> None:
    """Edge 29: a card is confirmed at once and settled after 32 days."""
    confirmed = asaas.invoice(charge(status="CONFIRMED", confirmedDate="2026-01-10", creditDate="2026-02-11"), "month",
                              anchor=None)  # fmt: skip
    assert (confirmed.payments[0].paid_at.date(), confirmed.payments[0].settled_at) == (date(2026, 1, 10), None)


@pytest.mark.parametrize("kind", ["PAYMENT_CHECKOUT_VIEWED", "PAYMENT_ANTICIPATED", "PAYMENT_SPLIT_CANCELLED", "NEW"])
def test_noise_is_kept_and_left_alone(kind: str, settings: Any) -> None:
    settings.ASAAS_API_KEY, settings.ASAAS_WEBHOOK_TOKEN = "key", "t" * 32
    body = json.dumps({"id": "evt_1&2", "event": kind, "payment": charge()}).encode()
    event = AsaasGateway.from_settings().read_webhook(body, {"asaas-access-token": "t" * 32})
    assert (event.id, event.matters) == ("evt_1&2", False)
