"""Plans and purchases for tests: made by our own services where there are any, as people make them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing import clock
from billing.gateways.base import CheckoutWanted, Payer, PriceWanted
from billing.plans.models import Plan, Price
from billing.subscriptions.models import Checkout, Customer, Subscription
from shared_apps.organizations.models import Organization
from tests.billing.sandboxes import GOOD, World


def a_price(**fields: Any) -> Price:
    plan, _made = Plan.objects.get_or_create(code="pro", defaults={"name": "Pro"})
    wanted = {"amount": Decimal("99.00"), "currency": "BRL", "interval": "month", **fields}
    return Price.objects.get_or_create(plan=plan, **wanted)[0]


def begun(organization: Organization, world: World, *, key: str = "checkout:1") -> tuple[Subscription, str]:
    """A purchase on its way: our rows, and the page on which it is finished."""
    price, gateway = a_price(), world.gateway
    subscription = Subscription.objects.create(organization=organization, price=price)
    payer = Payer(reference=str(organization.pk), name=organization.name, email="owner@acme.example")
    customer = gateway.ensure_customer(payer, key=f"customer:{organization.pk}")
    Customer.objects.get_or_create(organization=organization, gateway=gateway.name, defaults={"external_id": customer})
    wanted = CheckoutWanted(
        key=key, reference=str(subscription.pk), organization=str(organization.pk), customer=customer,
        price=PriceWanted(external_id="", amount=price.amount, currency=price.currency, interval=price.interval),
        trial_ends_at=None, success_url="http://acme.example/done/", cancel_url="http://acme.example/back/",
    )  # fmt: skip
    opened = gateway.open_checkout(wanted)
    now = clock.now()
    Checkout.objects.create(
        organization=organization, subscription=subscription, price=price, gateway=gateway.name,
        external_id=opened.id, url=opened.url, key=key, created_at=now, expires_at=now,
    )  # fmt: skip
    return subscription, opened.url


def bought(
    organization: Organization, world: World, *, method: str = "card", number: str = GOOD, key: str = "checkout:1"
) -> Subscription:
    """Finished at the gateway; nobody has told us yet."""
    subscription, url = begun(organization, world, key=key)
    assert world.finish(url, method, number).status_code == 303
    return subscription
