"""One contract, three gateways: whatever is above them may rely on this of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.gateways.base import (
    GatewayAway,
    GatewayRefused,
    GatewayState,
    InvoiceState,
    NotGenuine,
    Unreadable,
)
from billing.gateways.registry import ADAPTERS, NoGateway, get_gateway
from tests.billing.gateways import worlds
from tests.billing.gateways.worlds import PAYER, PRO, TEAM, YEAR, Provider
from tests.billing.sandboxes import DECLINED

PAID, OPEN, VOID = InvoiceState.PAID, InvoiceState.OPEN, InvoiceState.VOID


def now() -> datetime:
    return datetime.now(UTC)


def test_a_customer_is_made_once_and_kept_up_to_date(provider: Provider) -> None:
    first = provider.gateway.ensure_customer(PAYER, key="customer:1")
    again = provider.gateway.ensure_customer(replace(PAYER, name="Acme Piscinas"), key="customer:2")
    assert first == again
    assert [one["name"] for one in provider.bank.store.all("customer")] == ["Acme Piscinas"]


def test_one_that_changed_its_address_is_still_the_same(provider: Provider) -> None:
    first = provider.gateway.ensure_customer(PAYER, key="customer:1")
    moved = replace(PAYER, email="other@acme.example", known_as=first)
    assert provider.gateway.ensure_customer(moved, key="customer:2") == first
    assert [one["email"] for one in provider.bank.store.all("customer")] == ["other@acme.example"]


def test_one_that_is_gone_there_is_made_anew(provider: Provider) -> None:
    made = provider.gateway.ensure_customer(replace(PAYER, known_as="cus_that_never_was"), key="customer:1")
    assert made
    assert len(provider.bank.store.all("customer")) == 1


def test_a_purchase_is_open_and_then_done(provider: Provider) -> None:
    opened = provider.gateway.open_checkout(provider.wanted())
    assert (opened.is_open, opened.is_done) == (True, False)
    assert opened.url.startswith("http")
    assert provider.finish(opened.id) == ""
    done = provider.gateway.fetch_checkout(opened.id)
    assert done is not None
    assert (done.is_open, done.is_done, done.url) == (False, True, "")
    assert done.reference == provider.wanted().reference
    assert done.customer == provider.wanted().customer


def test_what_was_bought_is_all_there(provider: Provider) -> None:
    found = provider.subscribed()
    assert (found.state, found.reference, found.amount) == (
        GatewayState.RUNNING, provider.wanted().reference, Decimal("99.00"),
    )  # fmt: skip
    (invoice,) = found.invoices
    assert (invoice.state, invoice.amount, invoice.paid, invoice.currency) == (PAID, Decimal(99), Decimal(99), "BRL")
    assert (invoice.method, invoice.subscription, invoice.customer) == (provider.method, found.id, found.customer)
    (payment,) = invoice.payments
    assert payment.amount == Decimal("99.00")
    assert abs(payment.paid_at - now()) < timedelta(days=1)
    assert invoice.period_starts_at is not None
    assert invoice.period_ends_at is not None
    assert 27 <= (invoice.period_ends_at - invoice.period_starts_at).days <= 31
    assert found.period_ends_at == invoice.period_ends_at
    assert invoice.page_url.startswith("http")


def test_edge_25_a_declined_card_leaves_the_purchase_open(provider: Provider) -> None:
    opened = provider.gateway.open_checkout(provider.wanted())
    assert provider.finish(opened.id, DECLINED) == "card_declined"
    still = provider.gateway.fetch_checkout(opened.id)
    assert still is not None
    assert (still.is_open, still.is_done) == (True, False)
    assert provider.finish(opened.id) == ""


def test_the_same_purchase_twice_is_one(provider: Provider) -> None:
    first, second = (provider.gateway.open_checkout(provider.wanted()) for _again in range(2))
    assert first.id == second.id


LOST = {"sandbox": "/api/checkouts", "stripe": "POST /v1/checkout/sessions", "asaas": "POST /v3/subscriptions"}


def test_edge_24_after_a_lost_answer_it_is_looked_for_before_it_is_made_again(provider: Provider) -> None:
    wanted = provider.wanted()
    provider.server.loses_answer_of = LOST[provider.name]
    try:
        provider.gateway.open_checkout(wanted)
    except GatewayAway:
        provider.gateway.open_checkout(wanted)
    assert provider.server.loses_answer_of == ""
    kind = "subscription" if provider.name == "asaas" else "checkout"
    assert len(provider.bank.store.all(kind)) == 1


@pytest.mark.parametrize("id", ["sub_nothing", "", "..", "../customers", "a/b", "a b", "x" * 500, "é", "\x00"])
def test_what_is_unknown_is_none(provider: Provider, id: str) -> None:
    assert provider.gateway.fetch_subscription(id) is None
    assert provider.gateway.fetch_checkout(id) is None
    provider.gateway.cancel(id, at_period_end=False, key="cancel:1")


def test_it_is_found_by_our_reference(provider: Provider) -> None:
    found = provider.subscribed()
    assert [one.id for one in provider.gateway.find_subscriptions(reference=found.reference)] == [found.id]
    assert provider.gateway.find_subscriptions(reference="0198c0de-0000-7000-8000-00000000ffff") == []


def test_the_next_period_has_its_own_invoice(provider: Provider) -> None:
    found = provider.subscribed()
    provider.move(months=1)
    later = provider.again(found.id)
    assert len(later.invoices) == 2
    newest, oldest = later.invoices
    assert newest.period_starts_at == oldest.period_ends_at
    assert newest.state in ((OPEN, InvoiceState.OVERDUE) if provider.method == "pix" else (PAID,))


def test_a_trial_is_charged_when_it_ends(provider: Provider) -> None:
    ends = now().replace(microsecond=0) + timedelta(days=14)
    found = provider.subscribed(trial_ends_at=ends)
    assert not any(one.state is PAID and one.amount for one in found.invoices)
    assert found.state in (GatewayState.TRIALING, GatewayState.RUNNING)
    provider.move(days=15)
    (invoice,) = provider.again(found.id).invoices
    assert invoice.period_starts_at is not None
    assert abs(invoice.period_starts_at - ends) < timedelta(days=1)


def test_one_that_starts_later_is_no_trial(provider: Provider) -> None:
    found = provider.subscribed(starts_at=now() + timedelta(days=20))
    assert (found.state, found.trial_ends_at) == (GatewayState.RUNNING, None)
    assert not any(one.state is PAID for one in found.invoices)


def test_it_ends_with_its_period_unless_it_is_resumed(provider: Provider) -> None:
    found = provider.subscribed()
    provider.gateway.cancel(found.id, at_period_end=True, key="cancel:1")
    ending = provider.again(found.id)
    assert (ending.state, ending.cancel_at) == (GatewayState.ENDING, found.period_ends_at)
    provider.gateway.resume(found.id, key="resume:1")
    assert (provider.again(found.id).state, provider.again(found.id).cancel_at) == (GatewayState.RUNNING, None)


def test_cancelled_at_once_it_is_over_and_asks_for_nothing(provider: Provider) -> None:
    found = provider.subscribed()
    for _again in range(2):
        provider.gateway.cancel(found.id, at_period_end=False, key="cancel:1")
    over = provider.again(found.id)
    assert over.state is GatewayState.CANCELED
    assert over.ended_at is not None
    assert {one.state for one in over.invoices} <= {PAID, VOID}


def test_an_upgrade_costs_what_was_said(provider: Provider) -> None:
    found = provider.subscribed()
    costs = provider.gateway.preview_change(found.id, TEAM, now=now())
    assert Decimal("80.00") < costs.due_now <= Decimal("100.00")
    assert (costs.next_amount, costs.currency) == (Decimal("199.00"), "BRL")
    provider.gateway.change_price(found.id, TEAM, prorated_at=costs.at, key="change:1")
    changed = provider.again(found.id)
    assert changed.amount == Decimal("199.00")
    assert sorted(one.amount for one in changed.invoices) == sorted([Decimal("99.00"), costs.due_now])


def test_the_difference_is_charged_once(provider: Provider) -> None:
    found = provider.subscribed()
    costs = provider.gateway.preview_change(found.id, TEAM, now=now())
    for _again in range(2):
        provider.gateway.change_price(found.id, TEAM, prorated_at=costs.at, key="change:1")
    assert len(provider.again(found.id).invoices) == 2


def test_a_downgrade_waits_for_the_next_charge(provider: Provider) -> None:
    found = provider.subscribed(price=TEAM)
    provider.gateway.change_price(found.id, PRO, prorated_at=None, key="change:1")
    assert len(provider.again(found.id).invoices) == 1
    provider.move(months=1)
    assert provider.again(found.id).invoices[0].amount == Decimal("99.00")


def test_a_year_may_begin_at_once(provider: Provider) -> None:
    found = provider.subscribed()
    costs = provider.gateway.preview_change(found.id, YEAR, now=now())
    assert costs.due_now > Decimal(800)
    assert 364 <= (costs.next_at - now()).days <= 366
    provider.gateway.change_price(found.id, YEAR, prorated_at=costs.at, key="change:1")
    assert provider.again(found.id).amount == Decimal("990.00")


def test_a_refund_is_made_once_for_a_key(provider: Provider) -> None:
    invoice = provider.subscribed().invoices[0]
    for _again in range(2):
        provider.gateway.refund(invoice.id, amount=Decimal("10.00"), key="refund:1")
    part = provider.again(invoice.subscription).invoices[0]
    assert (part.state, part.refunded) == (PAID, Decimal("10.00"))
    provider.gateway.refund(invoice.id, amount=None, key="refund:2")
    whole = provider.again(invoice.subscription).invoices[0]
    assert (whole.state, whole.refunded) == (InvoiceState.REFUNDED, Decimal("99.00"))
    with pytest.raises(GatewayRefused):
        provider.gateway.refund(invoice.id, amount=Decimal("1.00"), key="refund:3")


def test_a_dispute_takes_the_money_and_may_give_it_back(provider: Provider) -> None:
    invoice = provider.subscribed().invoices[0]
    provider.dispute(invoice.id, "opened")
    assert provider.again(invoice.subscription).invoices[0].state is InvoiceState.DISPUTED
    provider.dispute(invoice.id, "won")
    assert provider.again(invoice.subscription).invoices[0].state is PAID


def test_every_event_names_what_to_fetch(provider: Provider) -> None:
    found = provider.subscribed()
    provider.gateway.cancel(found.id, at_period_end=False, key="cancel:1")
    told = provider.events()
    assert len(told) >= 4
    for _type, body in told:
        headers = {name.lower(): value for name, value in provider.headers(body).items()}
        event = provider.gateway.read_webhook(body, headers)
        assert event.matters
        assert event.happened_at is not None
        assert found.id in (event.subscription, "") or event.checkout
        assert event.subscription or event.customer or event.reference


def test_edge_14_nothing_is_read_without_its_proof(provider: Provider) -> None:
    provider.subscribed()
    _type, body = provider.events()[0]
    for headers in ({}, dict.fromkeys(("stripe-signature", "sandbox-signature", "asaas-access-token"), "x")):
        with pytest.raises(NotGenuine):
            provider.gateway.read_webhook(body, headers)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}", b"null", b'{"id": 1, "type": 2, "event": 3}'])
def test_edge_15_what_makes_no_sense_is_said_to_be_so(provider: Provider, body: bytes) -> None:
    headers = {name.lower(): value for name, value in provider.headers(body).items()}
    with pytest.raises(Unreadable):
        provider.gateway.read_webhook(body, headers)


def test_reconciliation_is_told_of_all_that_lives_and_changed(provider: Provider) -> None:
    found = provider.subscribed()
    assert found.id in set(provider.gateway.changed_since(now() - timedelta(days=2)))
    assert [(one.id, one.reference) for one in provider.gateway.all_subscriptions()] == [(found.id, found.reference)]
    assert provider.gateway.queue_problem() == ""


def test_silence_is_no_refusal(provider: Provider) -> None:
    found = provider.subscribed()
    provider.server.is_away = True
    with pytest.raises(GatewayAway):
        provider.gateway.fetch_subscription(found.id)
    with pytest.raises(GatewayAway):
        provider.gateway.cancel(found.id, at_period_end=True, key="cancel:1")


def test_every_gateway_that_is_registered_keeps_the_contract() -> None:
    assert set(ADAPTERS) == set(worlds.ALL)


@pytest.mark.parametrize("name", ["stripe", "asaas", "sandbox", "nobody", ""])
def test_without_its_keys_there_is_none(name: str, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = settings.ASAAS_API_KEY = settings.SANDBOX_SECRET = settings.BILLING_GATEWAY = ""
    with pytest.raises(NoGateway):
        get_gateway(name)
