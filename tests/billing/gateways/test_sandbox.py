"""The sandbox behaves as a provider: what is due happens, in order, as its clock moves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from urllib.parse import urlsplit

import httpx
import pytest

from billing import clock
from billing.gateways.base import (
    CheckoutWanted,
    GatewayRefused,
    GatewayState,
    InvoiceState,
    Payer,
    PriceWanted,
    SubscriptionSnapshot,
)
from tests.billing.sandboxes import DECLINED, GOOD, LATER_DECLINED, World

PRO = PriceWanted(external_id="", amount=Decimal("99.00"), currency="BRL", interval="month", description="Pro")


def wanted(world: World, **changes: object) -> CheckoutWanted:
    payer = Payer(reference="org-1", name="Acme", email="a@acme.example", document="11222333000181")
    customer = world.gateway.ensure_customer(payer, key="customer:org-1")
    plain = CheckoutWanted(
        key="checkout:1", reference="sub-1", organization="org-1", customer=customer, price=PRO, trial_ends_at=None,
        success_url="http://acme.example/done/", cancel_url="http://acme.example/back/",
    )  # fmt: skip
    return replace(plain, **changes)


def subscribed(world: World, method: str = "card", number: str = GOOD, **changes: object) -> SubscriptionSnapshot:
    opened = world.gateway.open_checkout(wanted(world, **changes))
    answer = world.finish(opened.url, method, number)
    assert answer.status_code == 303, answer.text
    (found,) = world.gateway.find_subscriptions(reference="sub-1")
    return found


def again(world: World, id: str) -> SubscriptionSnapshot:
    found = world.gateway.fetch_subscription(id)
    assert found is not None
    return found


def types(world: World) -> list[str]:
    return [type for type, _body, _headers in world.events()]


def test_a_card_pays_at_once(sandbox: World) -> None:
    found = subscribed(sandbox)
    assert (found.state, found.has_method) == (GatewayState.RUNNING, True)
    (invoice,) = found.invoices
    assert (invoice.state, invoice.paid, invoice.method) == (InvoiceState.PAID, Decimal("99.00"), "card")
    assert found.period_ends_at == invoice.period_ends_at
    assert types(sandbox).count("checkout.completed") == 1


def test_a_declined_card_begins_nothing_and_says_so(sandbox: World) -> None:
    opened = sandbox.gateway.open_checkout(wanted(sandbox))
    answer = sandbox.finish(opened.url, "card", DECLINED)
    assert answer.status_code == 422
    assert "declined" in answer.text
    assert sandbox.gateway.find_subscriptions(reference="sub-1") == []
    assert sandbox.finish(opened.url).status_code == 303  # another card


def test_pix_is_done_when_it_is_paid(sandbox: World) -> None:
    found = subscribed(sandbox, "pix")
    assert found.state is GatewayState.INCOMPLETE
    (invoice,) = found.invoices
    details = sandbox.gateway.charge_details(invoice.id)
    assert details.pix.startswith("000201")
    assert len(details.boleto_line) == 47
    assert httpx.get(invoice.page_url).status_code == 200
    assert httpx.post(invoice.page_url, data={"method": "pix"}).status_code == 303
    assert again(sandbox, found.id).state is GatewayState.RUNNING
    assert types(sandbox).count("checkout.completed") == 1


def test_a_boleto_that_nobody_pays_ends_the_purchase(sandbox: World) -> None:
    found = subscribed(sandbox, "boleto")
    sandbox.move(days=4)
    assert again(sandbox, found.id).invoices[0].state is InvoiceState.OVERDUE
    sandbox.move(days=2)
    over = again(sandbox, found.id)
    assert over.state is GatewayState.NEVER
    assert over.invoices[0].state is InvoiceState.VOID
    assert "checkout.expired" in types(sandbox)


def test_a_boleto_may_expire_at_once(sandbox: World) -> None:
    found = subscribed(sandbox, "boleto")
    assert sandbox.act(found.invoices[0].id, "expire").status_code == 303
    assert again(sandbox, found.id).state is GatewayState.NEVER


def test_it_renews_each_month_also_from_the_last_day(sandbox: World) -> None:
    sandbox.move(to=clock.now().replace(year=clock.now().year + 2, month=1, day=31, hour=12))
    found = subscribed(sandbox)
    sandbox.move(months=3)
    days = [one.period_starts_at.day for one in again(sandbox, found.id).invoices]
    assert days[-3:] == [31, 28, 31] or days[-3:] == [31, 29, 31]


def test_a_card_that_fails_later_is_tried_again_and_given_up(sandbox: World) -> None:
    found = subscribed(sandbox, number=LATER_DECLINED)
    sandbox.move(months=1)
    late = again(sandbox, found.id)
    assert (late.state, late.invoices[0].state) == (GatewayState.PAST_DUE, InvoiceState.FAILED)
    assert late.invoices[0].will_retry
    sandbox.move(days=8)
    given_up = again(sandbox, found.id)
    assert (given_up.state, given_up.invoices[0].will_retry) == (GatewayState.UNPAID, False)
    assert types(sandbox).count("invoice.failed") == 4
    assert sandbox.change_card(found.id, GOOD).status_code == 303
    assert again(sandbox, found.id).state is GatewayState.RUNNING


def test_a_trial_charges_when_it_ends(sandbox: World) -> None:
    ends = clock.now().replace(microsecond=0) + timedelta(days=14)
    found = subscribed(sandbox, trial_ends_at=ends)
    assert (found.state, found.trial_ends_at, found.invoices) == (GatewayState.TRIALING, ends, ())
    sandbox.move(days=15)
    paid = again(sandbox, found.id)
    assert (paid.state, len(paid.invoices), paid.invoices[0].period_starts_at) == (GatewayState.RUNNING, 1, ends)


def test_a_pix_is_issued_ahead_and_overdue_when_its_day_is_over(sandbox: World) -> None:
    found = subscribed(sandbox, "pix")
    sandbox.pay(found.invoices[0].id)
    assert found.period_ends_at is not None
    sandbox.move(to=found.period_ends_at - timedelta(days=1))
    ahead = again(sandbox, found.id)
    assert (ahead.state, ahead.invoices[0].state, len(ahead.invoices)) == (GatewayState.RUNNING, InvoiceState.OPEN, 2)
    sandbox.move(days=2)
    late = again(sandbox, found.id)
    assert (late.state, late.invoices[0].state) == (GatewayState.PAST_DUE, InvoiceState.OVERDUE)
    sandbox.pay(late.invoices[0].id)
    assert again(sandbox, found.id).state is GatewayState.RUNNING


def test_a_discount_ends_with_its_periods(sandbox: World) -> None:
    price = replace(PRO, discount=Decimal("50.00"), discount_periods=1)
    found = subscribed(sandbox, price=price)
    sandbox.move(months=1)
    assert [one.amount for one in again(sandbox, found.id).invoices] == [Decimal("99.00"), Decimal("49.00")]


def test_what_is_previewed_is_what_the_renewal_charges(sandbox: World) -> None:
    """With a coupon for two charges: the second is discounted, the third is not."""
    price = replace(PRO, discount=Decimal("50.00"), discount_periods=2)
    team = replace(price, amount=Decimal("199.00"))
    found = subscribed(sandbox, price=price)
    for expected in (Decimal("149.00"), Decimal("199.00")):
        assert sandbox.gateway.preview_change(found.id, team, now=clock.now()).next_amount == expected
        sandbox.gateway.change_price(found.id, team, prorated_at=None, key=f"change:{expected}")
        sandbox.move(months=1)
        clock.forget()
        assert again(sandbox, found.id).invoices[0].amount == expected
    # In a period that was charged in full, the difference is one of full prices.
    larger = replace(team, amount=Decimal("299.00"))
    assert Decimal("97.00") < sandbox.gateway.preview_change(found.id, larger, now=clock.now()).due_now <= Decimal(100)


def test_a_pix_made_ahead_is_no_used_up_discount(sandbox: World) -> None:
    price = replace(PRO, discount=Decimal("50.00"), discount_periods=2)
    found = subscribed(sandbox, "pix", price=price)
    sandbox.pay(found.invoices[0].id)
    sandbox.move(days=27)
    clock.forget()
    assert len(again(sandbox, found.id).invoices) == 2
    team = replace(price, amount=Decimal("199.00"))
    assert sandbox.gateway.preview_change(found.id, team, now=clock.now()).next_amount == Decimal("149.00")
    sandbox.gateway.change_price(found.id, team, prorated_at=None, key="change:1")
    sandbox.move(days=1)
    assert again(sandbox, found.id).invoices[0].amount == Decimal("149.00")


def test_a_year_that_begins_at_once_uses_up_a_discounted_charge(sandbox: World) -> None:
    price = replace(PRO, discount=Decimal("50.00"), discount_periods=1)
    found = subscribed(sandbox, price=price)
    year = replace(price, amount=Decimal("990.00"), interval="year")
    costs = sandbox.gateway.preview_change(found.id, year, now=clock.now())
    assert (costs.due_now, costs.next_amount) == (Decimal("941.00"), Decimal("990.00"))  # 49 were paid, 50 was given


def test_an_upgrade_charges_the_difference_and_a_downgrade_waits(sandbox: World) -> None:
    found, now = subscribed(sandbox), clock.now()
    team = replace(PRO, amount=Decimal("199.00"))
    costs = sandbox.gateway.preview_change(found.id, team, now=now)
    assert Decimal("99.00") < costs.due_now <= Decimal("100.00")
    sandbox.gateway.change_price(found.id, team, prorated_at=costs.at, key="change:1")
    assert again(sandbox, found.id).invoices[0].amount == costs.due_now
    sandbox.gateway.change_price(found.id, PRO, prorated_at=None, key="change:2")
    sandbox.move(months=1)
    assert again(sandbox, found.id).invoices[0].amount == Decimal("99.00")


def test_a_year_follows_a_month_at_once(sandbox: World) -> None:
    found, now = subscribed(sandbox), clock.now()
    year = replace(PRO, amount=Decimal("990.00"), interval="year")
    costs = sandbox.gateway.preview_change(found.id, year, now=now)
    sandbox.gateway.change_price(found.id, year, prorated_at=costs.at, key="change:1")
    changed = again(sandbox, found.id)
    assert changed.period_ends_at is not None
    assert (changed.period_ends_at - now).days in (364, 365, 366)
    sandbox.move(months=2)
    assert len(again(sandbox, found.id).invoices) == 2


def test_the_same_key_is_done_once_and_never_for_something_else(sandbox: World) -> None:
    found = subscribed(sandbox)
    sandbox.gateway.refund(found.invoices[0].id, amount=Decimal("10.00"), key="refund:1")
    sandbox.gateway.refund(found.invoices[0].id, amount=Decimal("10.00"), key="refund:1")
    assert again(sandbox, found.id).invoices[0].refunded == Decimal("10.00")
    with pytest.raises(GatewayRefused, match="idempotency_error"):
        sandbox.gateway.refund(found.invoices[0].id, amount=Decimal("11.00"), key="refund:1")


def test_its_pages_are_where_a_form_may_lead(sandbox: World) -> None:
    """A browser follows a form's redirect only to an origin that our policy names, and 127.0.0.1 is not localhost."""
    page = urlsplit(sandbox.url)
    named = urlsplit(import_module("config.settings.dev").SANDBOX_URL)
    assert (page.scheme, page.hostname) == (named.scheme, named.hostname)


def test_its_clock_moves_ours(sandbox: World) -> None:
    before = clock.now()
    sandbox.move(days=30)
    clock.forget()
    assert timedelta(days=30) <= clock.now() - before < timedelta(days=30, minutes=5)


def test_its_clock_goes_forward_only(sandbox: World) -> None:
    answer = httpx.post(f"{sandbox.url}/clock/", data={"to": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_backwards")
    assert httpx.post(f"{sandbox.url}/clock/", data={"to": "9999-12-31"}).status_code == 422


@pytest.mark.parametrize("days", ["x", "", "99999999999"])
def test_a_number_of_days_that_is_none_is_refused(sandbox: World, days: str) -> None:
    answer = httpx.post(f"{sandbox.url}/clock/", data={"days": days})
    assert answer.status_code == (303 if not days else 422)


def test_another_key_is_refused(sandbox: World) -> None:
    assert httpx.get(f"{sandbox.url}/api/events").status_code == 401
    assert httpx.get(f"{sandbox.url}/api/events", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"price": 1}', b'{"customer": null}'])
def test_bad_requests_are_answered(sandbox: World, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {sandbox.sandbox.secret}"}
    answer = httpx.post(f"{sandbox.url}/api/checkouts", content=body, headers=headers)
    assert answer.status_code == 400


def test_the_panel_shows_all_of_it(sandbox: World) -> None:
    found = subscribed(sandbox)
    page = httpx.get(sandbox.url)
    assert page.status_code == 200
    assert "Acme" in page.text
    assert json.loads(sandbox.events()[0][1])["type"] in page.text
    assert sandbox.act(found.invoices[0].id, "dispute").status_code == 303
    assert again(sandbox, found.id).invoices[0].state is InvoiceState.DISPUTED
    assert sandbox.act(found.invoices[0].id, "won").status_code == 303
    assert sandbox.act(found.invoices[0].id, "refund").status_code == 303
    assert again(sandbox, found.id).invoices[0].state is InvoiceState.REFUNDED
