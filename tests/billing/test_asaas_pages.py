"""An owner and Asaas, through our pages: what it refuses, and what it has no page for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from billing import clock
from billing.invoices.models import Invoice
from billing.plans.models import Coupon, Price
from billing.subscriptions import services
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.sync import sync
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.fakes.fake_asaas import DECLINED
from tests.billing.gateways.worlds import Provider

pytestmark = pytest.mark.usefixtures("empty_cache")
HOME, PLANS = "/settings/billing/", "/settings/billing/plans/"


@pytest.fixture
def trial(acme: Organization, price: Price, asaas: Provider) -> Subscription:
    Organization.objects.filter(pk=acme.pk).update(document="11222333000181")
    made = services.start_trial(acme, price=price, cause="test")
    assert made is not None
    return made


def test_edge_25_declined_at_creation_nothing_is_bought_and_it_may_be_tried_again(
    alices: Client, trial: Subscription, price: Price, asaas: Provider
) -> None:
    asaas.server.declines = True
    refused = alices.post(f"{PLANS}{price.pk}/", {"method": "card"})
    assert refused.status_code == 422
    assert DECLINED in refused.content.decode()
    trial.refresh_from_db()
    assert (trial.status, trial.external_id, asaas.bank.store.all("subscription")) == ("trialing", "", [])
    again = alices.post(f"{PLANS}{price.pk}/", {"method": "card"})
    assert again.status_code == 302
    (bought,) = asaas.bank.store.all("subscription")
    assert (bought["billing_type"], Checkout.objects.get().external_id) == ("CREDIT_CARD", bought["id"])


def test_without_a_document_it_is_said_what_is_missing(
    alices: Client, trial: Subscription, price: Price, acme: Organization
) -> None:
    Organization.objects.filter(pk=acme.pk).update(document="")
    refused = alices.post(f"{PLANS}{price.pk}/", {})
    assert refused.status_code == 422
    assert "CPF or CNPJ is missing" in refused.content.decode()
    assert alices.post(f"{PLANS}{price.pk}/", {"method": "cash"}).status_code == 422


@pytest.fixture
def over(trial: Subscription) -> Subscription:
    """Its trial has ended: what is bought is paid at once."""
    Subscription.objects.filter(pk=trial.pk).update(trial_ends_at=clock.now())
    services.tick_due()
    return trial


def buy(browser: Client, price: Price, asaas: Provider, ours: Subscription, **words: str) -> str:
    """The id of what was bought, and paid, by PIX."""
    assert browser.post(f"{PLANS}{price.pk}/", {"method": "pix", **words}).status_code == 302
    id = asaas.bank.store.all("subscription")[-1]["id"]
    assert asaas.finish(id) == ""
    assert sync(ours.pk, cause="test").status == "active"
    return str(id)


def amounts() -> list[str]:
    periods = Invoice.objects.exclude(period_starts_at=None).order_by("period_starts_at")
    return [str(amount) for amount in periods.values_list("amount", flat=True)]


def test_a_discount_for_one_period_ends_before_the_second_charge(
    alices: Client, over: Subscription, price: Price, asaas: Provider
) -> None:
    Coupon.objects.create(code="FIRST", percent=50, periods=1)
    id = buy(alices, price, asaas, over, coupon="first")
    asaas.server.next_charge(id)  # made 40 days ahead, with the discount still in it
    sync(over.pk, cause="test")
    assert amounts() == ["49.50", "49.50"]
    assert PendingJob.objects.filter(name="subscriptions.end_discount").exists()
    for _again in range(2):
        services.end_discount(over.pk)
    assert amounts() == ["49.50", "99.00"]
    PendingJob.objects.all().delete()
    asaas.move(months=2)
    sync(over.pk, cause="test")
    assert amounts() == ["49.50", "99.00", "99.00"]
    assert not PendingJob.objects.filter(name="subscriptions.end_discount").exists()


def test_a_discount_that_is_not_used_up_stays(
    alices: Client, over: Subscription, price: Price, asaas: Provider
) -> None:
    Coupon.objects.create(code="TWO", percent=50, periods=2)
    id = buy(alices, price, asaas, over, coupon="two")
    services.end_discount(over.pk)
    assert not PendingJob.objects.filter(name="subscriptions.end_discount").exists()
    asaas.server.next_charge(id)
    sync(over.pk, cause="test")
    services.end_discount(over.pk)
    assert amounts() == ["49.50", "49.50"]
    assert asaas.bank.get("subscription", id)["price"]["amount"] == "99.0"


def test_a_discounted_charge_made_ahead_stays_so_when_the_plan_changes(
    alices: Client, over: Subscription, price: Price, larger: Price, asaas: Provider
) -> None:
    Coupon.objects.create(code="TWO", percent=50, periods=2)
    id = buy(alices, larger, asaas, over, coupon="two")
    asaas.server.next_charge(id)
    sync(over.pk, cause="test")
    over.refresh_from_db()
    assert services.preview_change(over, price=price).next_amount == Decimal("49.50")
    services.change_plan(over, price=price, by=None)
    assert amounts() == ["99.50", "49.50"]


def test_after_the_discount_another_plan_costs_its_whole_price(
    alices: Client, over: Subscription, price: Price, larger: Price, asaas: Provider
) -> None:
    Coupon.objects.create(code="FIRST", percent=50, periods=1)
    buy(alices, price, asaas, over, coupon="first")
    services.end_discount(over.pk)
    over.refresh_from_db()
    costs = services.preview_change(over, price=larger)
    assert costs.next_amount == larger.amount
    assert 140 < costs.due_now < 150  # what was paid for the days that are left was 49.50
    services.change_plan(over, price=larger, by=None, previewed_at=costs.at)
    (difference,) = [one for one in asaas.bank.store.all("invoice") if one.get("alone")]
    assert difference["description"].startswith("Colmeia Large: ")
    assert str(over.pk) not in difference["description"]


def test_another_card_is_given_with_the_next_charge(
    alices: Client, over: Subscription, price: Price, asaas: Provider
) -> None:
    """Asaas has no page for cards: what there is, is said."""
    id = buy(alices, price, asaas, over)
    page = alices.get(HOME).content.decode()
    assert "on the page of the next charge" in page
    assert "Change the way to pay" not in page
    assert alices.post(f"{HOME}method/").status_code == 409
    asaas.server.next_charge(id)
    sync(over.pk, cause="test")
    charge = Invoice.objects.get(state="open")
    assert f'href="{charge.page_url}"' in alices.get(HOME).content.decode()
    assert alices.post(f"{HOME}method/")["Location"] == charge.page_url
