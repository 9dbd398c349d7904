"""A purchase that is taken back can be paid by nobody; one that was paid meanwhile stays. The contract of all three."""

from __future__ import annotations

from decimal import Decimal

from billing.gateways.base import GatewayState, InvoiceState
from tests.billing.gateways.worlds import PRO, TEAM, Provider

OVER = (GatewayState.CANCELED, GatewayState.NEVER)


def test_what_is_withdrawn_cannot_be_paid_and_another_can(provider: Provider) -> None:
    first = provider.gateway.open_checkout(provider.wanted(price=PRO))
    for _again in range(2):
        provider.gateway.withdraw_checkout(first.id, reference=provider.wanted().reference, key="withdraw:1")
    gone = provider.gateway.fetch_checkout(first.id)
    assert gone is None or not (gone.is_open or gone.is_done)
    assert provider.finish(first.id) != ""
    assert all(one.state in OVER for one in provider.gateway.find_subscriptions(reference=provider.wanted().reference))
    second = provider.subscribed(price=TEAM, key="checkout:2")
    assert second.amount == TEAM.amount
    paid = [Decimal(one["amount"]) for one in provider.bank.store.all("invoice") if one["payments"]]
    assert paid == [TEAM.amount]


def test_what_was_paid_meanwhile_stays(provider: Provider) -> None:
    bought = provider.subscribed()
    checkout = provider.bank.store.all("checkout")[0]["id"] if provider.name != "asaas" else bought.id
    provider.gateway.withdraw_checkout(checkout, reference=bought.reference, key="withdraw:1")
    still = provider.again(bought.id)
    assert (still.state, still.invoices[0].state) == (GatewayState.RUNNING, InvoiceState.PAID)


def test_one_whose_answer_was_lost_is_withdrawn_by_our_reference(provider: Provider) -> None:
    wanted = provider.wanted()
    opened = provider.gateway.open_checkout(wanted)
    provider.gateway.withdraw_checkout("", reference="0198c0de-0000-7000-8000-00000000ffff", key="withdraw:1")
    still = provider.gateway.fetch_checkout(opened.id)
    assert still is not None
    assert still.is_open
    provider.gateway.withdraw_checkout("", reference=wanted.reference, key="withdraw:1")
    if provider.name != "stripe":  # there nobody can have been sent to a page whose answer was lost
        assert provider.finish(opened.id) != ""
