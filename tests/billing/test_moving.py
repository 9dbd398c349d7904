"""Between two gateways: what an owner sees and may do from the agreement at the new one until the old one has ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from billing import clock
from billing.plans.models import Price
from billing.subscriptions import services
from billing.subscriptions.errors import SwitchUnderWay
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.sync import sync
from shared_apps.organizations.models import Organization
from tests.billing.factories import bought
from tests.billing.gateways import worlds
from tests.billing.gateways.worlds import Provider
from tests.billing.sandboxes import World

pytestmark = pytest.mark.usefixtures("empty_cache")
PAGE = "/settings/billing/"


@pytest.fixture
def ours(acme: Organization, sandbox: World, asaas: Provider, settings: Any) -> Subscription:
    settings.BILLING_GATEWAY = "sandbox"
    Organization.objects.filter(pk=acme.pk).update(document="11222333000181")
    return sync(bought(acme, sandbox).pk, cause="test")


@pytest.fixture
def moving(ours: Subscription) -> Subscription:
    """Agreed on at Asaas, which asks for nothing now; the sandbox is told not to renew."""
    services.move_to_gateway(ours, to="asaas", by=None)
    services.end_at_gateway(ours.pk)
    ours.refresh_from_db()
    return ours


def test_the_page_says_where_it_goes_and_offers_nothing_that_would_be_charged_twice(
    moving: Subscription, larger: Price, alices: Client
) -> None:
    page = alices.get(PAGE).content.decode()
    assert "on this plan is paid through Asaas" in page
    agreed = Checkout.objects.get(gateway="asaas")
    assert "on this plan is paid through Asaas" in alices.get(f"{PAGE}checkouts/{agreed.pk}/").content.decode()
    assert "is not renewed" not in page
    assert "Go on with this plan" not in page
    assert "Change the plan" not in page
    for refused in (
        lambda: services.resume(moving, by=None),
        lambda: services.change_plan(moving, price=larger, by=None),
        lambda: services.move_to_gateway(moving, to="asaas", by=None),
    ):
        with pytest.raises(SwitchUnderWay):
            refused()
    assert alices.post(f"{PAGE}resumption/").status_code == 409


def test_whoever_leaves_is_not_charged_at_the_new_one(
    moving: Subscription, asaas: Provider, sandbox: World, alices: Client
) -> None:
    alices.post(f"{PAGE}cancellation/", {"reason": "unused"})
    follower = Subscription.objects.get(replaces=moving)
    assert follower.status == Status.CANCELED
    services.end_at_gateway(follower.pk)
    assert asaas.again(follower.external_id).ended_at is not None
    moving.refresh_from_db()
    assert (moving.status, moving.cancel_at) == ("active", moving.period_ends_at)
    assert "Go on with this plan" in alices.get(PAGE).content.decode()
    services.resume(moving, by=None)
    moving.refresh_from_db()
    assert moving.cancel_at is None


def test_what_nobody_agreed_to_yet_is_offered_and_taken_back(ours: Subscription, alices: Client, settings: Any) -> None:
    with worlds.stripe(settings) as stripe:
        ours.price.gateway_prices.create(gateway="stripe", external_id="price_pro")
        services.move_to_gateway(ours, to="stripe", by=None)
        page = alices.get(PAGE).content.decode()
        opened = Checkout.objects.get(gateway="stripe")
        assert opened.url in page
        assert "Agree at Stripe" in page
        alices.post(f"{PAGE}cancellation/", {"reason": "unused"})
        opened.refresh_from_db()
        assert opened.closed_at is not None
        assert stripe.finish(opened.external_id) != ""
    assert Subscription.objects.get(replaces=ours).status == Status.CANCELED
    ours.refresh_from_db()
    assert ours.cancel_at is not None
    assert ours.cancel_at > clock.now()
