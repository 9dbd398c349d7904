"""Billing's fixtures: a sandbox gateway that new subscriptions go to, plans to sell, and subscriptions of acme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from billing import clock
from billing.plans.models import Interval, Plan, PlanEntitlement, Price
from billing.subscriptions.models import Status, Subscription
from shared_apps.organizations.models import Organization
from tests.billing.gateway import START
from tests.billing.gateways import worlds
from tests.billing.gateways.worlds import Provider
from tests.billing.sandboxes import SECRET, World, a_sandbox


@pytest.fixture
def sandbox(settings: Any) -> Iterator[World]:
    """The gateway of this test. Its clock moves ours."""
    with a_sandbox() as world:
        settings.BILLING_GATEWAY, settings.SANDBOX_URL, settings.SANDBOX_SECRET = "sandbox", world.url, SECRET
        settings.SANDBOX_MOVES_CLOCK = True
        clock.forget()
        yield world
    clock.forget()


@pytest.fixture
def asaas(settings: Any) -> Iterator[Provider]:
    """Asaas in place of the sandbox: PIX and boleto first, no page for cards, no idempotency keys."""
    with worlds.asaas(settings) as world:
        settings.BILLING_GATEWAY = "asaas"
        yield world


@pytest.fixture
def plan(cast: object) -> Plan:
    made = Plan.objects.create(code="small", name="Small", position=1)
    PlanEntitlement.objects.create(plan=made, feature="clients", amount=3)
    PlanEntitlement.objects.create(plan=made, feature="members", amount=2)
    return made


@pytest.fixture
def price(plan: Plan) -> Price:
    return Price.objects.create(plan=plan, interval=Interval.MONTH, currency="BRL", amount=Decimal(99), trial_days=14)


@pytest.fixture
def larger(cast: object) -> Price:
    plan = Plan.objects.create(code="large", name="Large", position=2)
    PlanEntitlement.objects.create(plan=plan, feature="clients", unlimited=True)
    return Price.objects.create(plan=plan, interval=Interval.MONTH, currency="BRL", amount=Decimal(199), trial_days=14)


@pytest.fixture
def subscribed(acme: Organization, price: Price) -> Callable[..., Subscription]:
    """`subscribed(**fields)`: a subscription of acme; a purchase at the gateway unless told otherwise."""

    def make(**fields: Any) -> Subscription:
        return Subscription.objects.create(
            **{
                "organization": acme,
                "price": price,
                "gateway": "sandbox",
                "external_id": "sub_1",
                "status": Status.INCOMPLETE,
                "created_at": START,
            }
            | fields
        )

    return make
