"""Another plan is chosen while a purchase is under way: the first can be paid by nobody any more, at any gateway."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from billing import clock
from billing.invoices.models import Invoice, Payment
from billing.plans.models import Price
from billing.subscriptions import services
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.services import tick_due
from billing.subscriptions.sync import sync
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.billing.gateways.worlds import Provider
from tests.billing.sandboxes import World

pytestmark = pytest.mark.usefixtures("empty_cache")
PLANS = "/settings/billing/plans/"


def choose(browser: Client, price: Price, **words: str) -> Any:
    return browser.post(f"{PLANS}{price.pk}/", words)


@pytest.fixture
def trial(acme: Organization, price: Price, sandbox: World) -> Subscription:
    made = services.start_trial(acme, price=price, cause="test")
    assert made is not None
    return made


@pytest.fixture
def over(trial: Subscription, sandbox: World) -> Subscription:
    """Its trial has ended: whatever is bought is paid at once."""
    sandbox.move(days=20)
    clock.forget()
    tick_due()
    trial.refresh_from_db()
    assert trial.suspended_reason == "trial_ended"
    return trial


def test_the_first_page_is_closed(
    alices: Client, over: Subscription, price: Price, larger: Price, sandbox: World
) -> None:
    first, second = choose(alices, price)["Location"], choose(alices, larger)["Location"]
    assert first != second
    assert sandbox.finish(first).status_code != 303
    assert sandbox.finish(second).status_code == 303
    ours = sync(over.pk, cause="test")
    assert (ours.price, ours.status) == (larger, "active")
    assert [one.amount for one in Payment.objects.all()] == [larger.amount]
    assert Checkout.objects.filter(closed_at=None).count() == 1


def test_a_pix_that_waits_is_withdrawn(
    alices: Client, over: Subscription, price: Price, larger: Price, sandbox: World
) -> None:
    sandbox.finish(choose(alices, price)["Location"], method="pix")
    ours = sync(over.pk, cause="test")
    assert (ours.external_id != "", ours.status) == (True, "suspended")
    assert "Continue to payment" in alices.get(f"{PLANS}{larger.pk}/").content.decode()
    second = choose(alices, larger)
    assert second.status_code == 302, second.content[:300]
    assert set(Invoice.objects.values_list("state", flat=True)) == {"void"}
    sandbox.finish(second["Location"])
    ours = sync(over.pk, cause="test")
    assert (ours.price, ours.status) == (larger, "active")
    assert [one.amount for one in Payment.objects.all()] == [larger.amount]


def test_what_was_paid_meanwhile_is_theirs_and_not_charged_again(
    alices: Client, over: Subscription, price: Price, larger: Price, sandbox: World
) -> None:
    sandbox.finish(choose(alices, price)["Location"])
    answer = choose(alices, larger)
    assert answer.status_code == 409
    assert "has just been paid" in answer.content.decode()
    over.refresh_from_db()
    assert (over.status, over.price) == ("active", price)
    assert Payment.objects.get().amount == price.amount
    assert len(sandbox.sandbox.bank.store.all("checkout")) == 1


def test_when_the_gateway_is_away_nothing_changes(
    alices: Client, over: Subscription, price: Price, larger: Price, sandbox: World
) -> None:
    first = choose(alices, price)["Location"]
    sandbox.sandbox.is_away = True
    assert choose(alices, larger).status_code == 503
    sandbox.sandbox.is_away = False
    assert choose(alices, price)["Location"] == first
    assert Checkout.objects.count() == 1


def test_at_asaas_too(alices: Client, acme: Organization, price: Price, larger: Price, asaas: Provider) -> None:
    Organization.objects.filter(pk=acme.pk).update(document="11222333000181")
    choose(alices, price)
    assert choose(alices, larger).status_code == 302
    asaas.server.loses_answer_of = "POST /v3/subscriptions"
    choose(alices, price)
    made = [one for one in asaas.bank.store.all("subscription") if not one.get("deleted")]
    assert [one["price"]["amount"] for one in made] == ["99.0"]
    assert [one["amount"] for one in asaas.bank.store.all("invoice") if one["state"] == "open"] == ["99.0"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_choose_at_the_same_moment(acme: Organization, price: Price, larger: Price, sandbox: World) -> None:
    start = threading.Barrier(2)

    def buy(chosen: Price) -> None:
        try:
            with context.public():
                start.wait(timeout=30)
                services.begin_checkout(acme, price=chosen, by=None, return_url=str, cancel_url="http://x.example/")
        finally:
            connection.close()

    threads = [threading.Thread(target=buy, args=(one,)) for one in (price, larger)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    states = sorted(one["state"] for one in sandbox.sandbox.bank.store.all("checkout"))
    assert states == ["expired", "open"]
    assert Checkout.objects.filter(closed_at=None).count() == 1
