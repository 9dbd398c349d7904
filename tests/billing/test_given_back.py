"""What was paid for the running period went back: the plan is bought anew, in full, and nothing is charged twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import clock
from billing.invoices.models import Invoice, Payment
from billing.plans.models import Price
from billing.subscriptions import services
from billing.subscriptions.errors import GivenBack
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.queries import live
from billing.subscriptions.sync import sync
from shared_apps.organizations.models import Organization
from tests.billing.sandboxes import World

pytestmark = pytest.mark.usefixtures("empty_cache")
HOME, PLANS = "/settings/billing/", "/settings/billing/plans/"


def choose(browser: Client, price: Price, **words: str) -> Any:
    return browser.post(f"{PLANS}{price.pk}/", words)


@pytest.fixture
def refunded(alices: Client, acme: Organization, price: Price, sandbox: World) -> Subscription:
    sandbox.finish(choose(alices, price)["Location"])
    ours = sync(Subscription.objects.get().pk, cause="test")
    services.refund(Invoice.objects.get(), amount=None, by=None)
    ours.refresh_from_db()
    assert (ours.status, ours.suspended_reason, ours.external_id != "") == ("suspended", "refunded", True)
    return ours


def states(sandbox: World) -> list[str]:
    return [one["state"] for one in sandbox.sandbox.bank.store.all("subscription")]


def test_the_pages_say_what_happened_and_what_to_do(alices: Client, refunded: Subscription, larger: Price) -> None:
    page = alices.get(HOME).content.decode()
    assert "was given back" in page
    assert "Pay the open invoice" not in page
    plan = alices.get(f"{PLANS}{larger.pk}/").content.decode()
    assert "Continue to payment" in plan
    assert "ends as you go on" in plan


@pytest.mark.parametrize("which", ["price", "larger"])
def test_another_plan_or_the_same_is_bought_in_full(
    alices: Client, refunded: Subscription, acme: Organization, sandbox: World, which: str, request: Any
) -> None:
    chosen: Price = request.getfixturevalue(which)
    first = choose(alices, chosen)
    assert choose(alices, chosen)["Location"] == first["Location"]
    assert states(sandbox) == ["canceled"]
    assert sandbox.finish(first["Location"]).status_code == 303
    page = alices.get(f"{HOME}checkouts/{Checkout.objects.latest('created_at').pk}/").content.decode()
    assert "is yours" in page
    now_running = live(acme.pk)
    assert now_running is not None
    assert (now_running.status, now_running.price) == ("active", chosen)
    assert now_running.pk != refunded.pk
    assert list(Payment.objects.order_by("paid_at").values_list("amount", flat=True)) == [Decimal(99), chosen.amount]

    sandbox.move(months=1)
    clock.forget()
    sync(now_running.pk, cause="test")
    assert sorted(states(sandbox)) == ["canceled", "running"]
    assert Payment.objects.count() == 3


def test_who_thinks_better_of_it_is_charged_nothing(
    alices: Client, refunded: Subscription, larger: Price, sandbox: World
) -> None:
    choose(alices, larger)
    refunded.refresh_from_db()
    assert refunded.status == "canceled"
    assert alices.get(HOME).status_code == 200
    sandbox.move(months=2)
    clock.forget()
    services.tick_due()
    assert Payment.objects.count() == 1


def test_without_an_answer_the_old_one_is_ended_at_the_next_click(
    alices: Client, refunded: Subscription, larger: Price, sandbox: World
) -> None:
    sandbox.sandbox.loses_answer_of = r"/api/subscriptions/\w+/cancellation"
    assert choose(alices, larger).status_code == 503
    assert choose(alices, larger).status_code == 302
    refunded.refresh_from_db()
    assert refunded.status == "canceled"
    assert len(sandbox.sandbox.bank.store.all("checkout")) == 2


def test_left_alone_it_goes_on_with_the_next_charge(refunded: Subscription, sandbox: World) -> None:
    sandbox.move(months=1)
    clock.forget()
    assert sync(refunded.pk, cause="test").status == "active"


def test_staff_are_told_why_it_cannot_be_changed(refunded: Subscription, larger: Price) -> None:
    with pytest.raises(GivenBack):
        services.change_plan(refunded, price=larger, by=None)
