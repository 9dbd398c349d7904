"""An owner buys, changes and leaves, against the sandbox gateway over real HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from billing import clock, entitlements
from billing.entitlements import Feature
from billing.invoices.models import Invoice, Payment
from billing.plans.models import Coupon, EntitlementOverride, Price
from billing.subscriptions import services
from billing.subscriptions.errors import AlreadySubscribed
from billing.subscriptions.models import Checkout, Notice, Subscription
from billing.subscriptions.services import tick_due
from shared_apps.organizations.models import Organization
from tests.billing.sandboxes import LATER_DECLINED, World

pytestmark = pytest.mark.usefixtures("empty_cache", "sandbox")
HOME, PLANS = "/settings/billing/", "/settings/billing/plans/"


@pytest.fixture
def trial(acme: Organization, price: Price, sandbox: World) -> Subscription:
    made = services.start_trial(acme, price=price, cause="test")
    assert made is not None
    return made


def choose(browser: Client, price: Price, **words: Any) -> Any:
    return browser.post(f"{PLANS}{price.pk}/", words)


def buy(browser: Client, price: Price, sandbox: World, **how: str) -> Any:
    """To the gateway's page, through it, and back."""
    answer = choose(browser, price)
    assert answer.status_code == 302, answer.content[:300]
    sandbox.finish(answer["Location"], **how)
    return browser.get(f"{HOME}checkouts/{Checkout.objects.latest('created_at').pk}/")


def fresh(subscription: Subscription) -> Subscription:
    return Subscription.objects.select_related("price", "next_price").get(pk=subscription.pk)


@pytest.fixture
def paid(alices: Client, trial: Subscription, price: Price, sandbox: World) -> Subscription:
    """Bought in the trial, and paid when it ended."""
    buy(alices, price, sandbox)
    sandbox.move(days=15)
    clock.forget()
    tick_due()
    return fresh(trial)


def test_nobody_but_an_owner_comes_in(bobs: Client, trial: Subscription) -> None:
    assert bobs.get(HOME).status_code == 403
    assert bobs.post(f"{HOME}cancellation/", {"reason": "unused"}).status_code == 403


def test_bad_input_is_answered(alices: Client, trial: Subscription, price: Price) -> None:
    assert alices.post(f"{HOME}cancellation/", {"reason": "no such"}).status_code == 422
    assert choose(alices, price, coupon="NONE").status_code == 422
    assert choose(alices, price, at="tomorrow").status_code == 422
    Price.objects.filter(pk=price.pk).update(retired_at=clock.now())
    assert choose(alices, price).status_code == 404
    assert alices.post(f"{HOME}resumption/").status_code == 409
    assert not Checkout.objects.exists()


def test_bought_in_the_trial_and_charged_when_it_ends(alices: Client, paid: Subscription) -> None:
    assert (paid.status, paid.gateway) == ("active", "sandbox")
    assert Payment.objects.get().amount == Decimal("99.00")
    page = alices.get(HOME).content.decode()
    assert "R$99.00" in page
    assert (
        alices.get(f"{HOME}invoices/{Invoice.objects.filter(state='paid', amount__gt=0).get().pk}/").status_code == 200
    )


def test_bought_by_pix_after_the_trial(
    alices: Client, trial: Subscription, price: Price, sandbox: World, acme: Organization
) -> None:
    sandbox.move(days=20)
    clock.forget()
    tick_due()
    assert fresh(trial).suspended_reason == "trial_ended"
    answer = choose(alices, price)
    sandbox.finish(answer["Location"], method="pix")
    page = alices.get(f"{HOME}checkouts/{Checkout.objects.get().pk}/").content.decode()
    assert "is yours" in page or "waiting" in page
    for open_one in Invoice.objects.filter(state="open"):
        details = alices.get(f"{HOME}invoices/{open_one.pk}/").content.decode()
        assert "<svg" in details
        sandbox.pay(open_one.external_id)
    assert "is yours" in alices.get(f"{HOME}checkouts/{Checkout.objects.get().pk}/state/").content.decode()
    assert fresh(trial).status == "active"


def test_edge_21_two_clicks_are_one_purchase(alices: Client, trial: Subscription, price: Price) -> None:
    first, second = choose(alices, price), choose(alices, price)
    assert first["Location"] == second["Location"]
    assert Checkout.objects.count() == 1


def test_edge_21_a_second_plan_is_not_bought_but_changed(
    alices: Client, paid: Subscription, price: Price, acme: Organization, larger: Price
) -> None:
    with pytest.raises(AlreadySubscribed):
        services.begin_checkout(acme, price=larger, by=None, return_url=str, cancel_url="http://x.example/")


def test_edge_22_coming_back_proves_nothing(alices: Client, trial: Subscription, price: Price) -> None:
    choose(alices, price)
    page = alices.get(f"{HOME}checkouts/{Checkout.objects.get().pk}/")
    assert "waiting" in page.content.decode()
    assert fresh(trial).external_id == ""


def test_edge_23_anothers_purchase_is_not_there(
    alices: Client, carols: Client, trial: Subscription, price: Price, globex: Organization
) -> None:
    choose(alices, price)
    theirs = Checkout.objects.get()
    assert carols.get(f"{HOME}checkouts/{theirs.pk}/").status_code == 404
    assert alices.get(f"{HOME}checkouts/{theirs.pk}/?session_id=cs_of_another").status_code == 404


def test_edge_36_cancelled_in_the_trial_nothing_is_charged(
    alices: Client, trial: Subscription, price: Price, sandbox: World
) -> None:
    buy(alices, price, sandbox)
    alices.post(f"{HOME}cancellation/", {"reason": "unused"})
    ours = fresh(trial)
    assert (ours.status, ours.cancel_at) == ("trialing", ours.trial_ends_at)
    sandbox.move(days=15)
    clock.forget()
    tick_due()
    assert fresh(trial).status == "canceled"
    assert not Payment.objects.exists()


def test_edge_37_cancelled_and_resumed_is_one_line_each(alices: Client, paid: Subscription, sandbox: World) -> None:
    alices.post(f"{HOME}cancellation/", {"reason": "too_expensive", "words": "sorry"})
    assert fresh(paid).cancel_at == paid.period_ends_at
    assert "Go on with this plan" in alices.get(HOME).content.decode()
    alices.post(f"{HOME}resumption/")
    assert fresh(paid).cancel_at is None
    assert "Will be renewed after all" in alices.get(HOME).content.decode()
    causes = list(paid.transitions.values_list("cause", flat=True))
    assert [cause for cause in causes if cause.startswith(("cancel:", "resume:"))] == [
        "cancel:too_expensive sorry", "resume:",
    ]  # fmt: skip
    sandbox.move(days=31)
    clock.forget()
    tick_due()
    assert fresh(paid).status == "active"


def test_upgrade_now_downgrade_later_and_back(alices: Client, paid: Subscription, price: Price, larger: Price) -> None:
    page = alices.get(f"{PLANS}{larger.pk}/").content.decode()
    assert "To pay now" in page
    assert choose(alices, larger).status_code == 302
    assert fresh(paid).price == larger
    assert choose(alices, price).status_code == 302
    ours = fresh(paid)
    assert (ours.price, ours.next_price, ours.next_price_at) == (larger, price, ours.period_ends_at)
    alices.post(f"{HOME}change/undoing/")
    assert fresh(paid).next_price is None


def test_edge_40_a_downgrade_below_use_deletes_nothing(
    alices: Client, paid: Subscription, price: Price, larger: Price, sandbox: World, acme: Organization
) -> None:
    choose(alices, larger)
    choose(alices, price)
    cache.clear()  # what is kept is forgotten on commit, which a test's transaction never comes to
    assert entitlements.of(acme).limit(Feature.CLIENTS) is None
    sandbox.move(days=32)
    clock.forget()
    tick_due()
    assert fresh(paid).price == price
    assert not EntitlementOverride.objects.exists()


def test_edge_38_cancelled_in_arrears_ends_at_once(alices: Client, paid: Subscription, sandbox: World) -> None:
    sandbox.change_card(paid.external_id, LATER_DECLINED)
    sandbox.move(days=31)
    clock.forget()
    tick_due()
    assert fresh(paid).status in ("past_due", "grace")
    assert "A payment is missing" in alices.get(HOME).content.decode()
    alices.post(f"{HOME}cancellation/", {"reason": "closing"})
    assert fresh(paid).status == "canceled"
    assert set(Invoice.objects.filter(amount__gt=0).values_list("state", flat=True)) == {"paid", "void"}


def test_a_failed_payment_walks_through_dunning_and_is_mended(
    alices: Client, paid: Subscription, sandbox: World
) -> None:
    sandbox.change_card(paid.external_id, LATER_DECLINED)
    seen = []
    sandbox.move(days=30)
    for _day in range(14):
        sandbox.move(days=1)
        clock.forget()
        tick_due()
        seen.append(fresh(paid).status)
    assert list(dict.fromkeys(seen)) == ["past_due", "grace", "suspended"]
    sandbox.change_card(paid.external_id, "4242424242424242")
    alices.get(f"{HOME}method/done/")  # back from where the card is changed; the provider tried it by itself
    assert fresh(paid).status == "active"
    assert "The payment arrived" in alices.get(HOME).content.decode()
    told = list(Notice.objects.order_by("sent_at", "pk").values_list("step", flat=True))
    assert told == ["active", "past_due", "grace", "suspended", "recovered"]


def test_without_a_gateway_nothing_is_lost(alices: Client, trial: Subscription, price: Price, settings: Any) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:1"
    assert alices.get(f"{HOME}method/done/")["Location"] == HOME
    assert choose(alices, price).status_code == 503
    assert fresh(trial).status == "trialing"
    assert fresh(trial).access_until == trial.access_until


def test_a_page_that_waits_asks_the_gateway_now_and_then(
    alices: Client, trial: Subscription, price: Price, sandbox: World
) -> None:
    answer, page = choose(alices, price), f"{HOME}checkouts/{Checkout.objects.get().pk}/state/"
    assert "HX-Refresh" not in alices.get(page)
    sandbox.finish(answer["Location"])
    assert "waiting" in alices.get(page).content.decode()  # nobody told us, and we asked a moment ago
    cache.clear()
    assert alices.get(page)["HX-Refresh"] == "true"
    assert "HX-Refresh" not in alices.get(f"{HOME}checkouts/{Checkout.objects.get().pk}/")


def test_what_is_suspended_says_the_ways_out_and_fetches_nothing(
    alices: Client, trial: Subscription, price: Price, sandbox: World
) -> None:
    bell = "/notifications/bell/"
    assert bell in alices.get(HOME).content.decode()
    sandbox.move(days=20)
    clock.forget()
    tick_due()
    cache.clear()
    refused = alices.get("/clients/").content.decode()
    assert all(f'"{way}"' in refused for way in (HOME, "/clients/export/", "/sign-out/"))
    assert bell not in alices.get(HOME).content.decode()

    # A PIX is open: the overview leads to it, and its page changes once the money is here.
    sandbox.finish(choose(alices, price)["Location"], method="pix")
    alices.get(f"{HOME}checkouts/{Checkout.objects.get().pk}/")
    charge = Invoice.objects.get(state="open")
    assert f"{HOME}invoices/{charge.pk}/" in alices.get(HOME).content.decode()
    waiting = f"{HOME}invoices/{charge.pk}/state/"
    assert "HX-Refresh" not in alices.get(waiting)
    sandbox.pay(charge.external_id)
    services.tick(trial.pk)
    assert alices.get(waiting)["HX-Refresh"] == "true"


@pytest.mark.parametrize(("periods", "first"), [(None, "R$79.20"), (2, "R$79.20"), (1, "R$99.00")])
def test_a_coupon_counts_as_long_as_it_lasts(
    alices: Client, paid: Subscription, price: Price, larger: Price, periods: int | None, first: str
) -> None:
    coupon = Coupon.objects.create(code="HONEY", percent=20, periods=periods)
    Subscription.objects.filter(pk=paid.pk).update(coupon=coupon)
    assert ("HONEY: " in alices.get(HOME).content.decode()) == (first == "R$79.20")
    choose(alices, larger)  # its difference is charged within the period, and is no period
    assert first in alices.get(f"{PLANS}{price.pk}/").content.decode().partition("Next charge")[2]
