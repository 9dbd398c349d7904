"""What an organization pays us: rows in public, so nothing here changes a schema. No gateway is set up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing.invoices.models import Invoice
from billing.plans.models import Plan, Price
from billing.subscriptions.models import Checkout, Subscription
from shared_apps.tenancy import context
from tests.isolation.rows.base import Row
from tests.isolation.world import World


def price(_world: World) -> Any:
    """What is sold is the same for everybody."""
    with context.public():
        plan = Plan.objects.get_or_create(code="isolation", defaults={"name": "Isolation"})[0]
        terms = {"plan": plan, "interval": "month", "currency": "BRL"}
        return Price.objects.get_or_create(**terms, defaults={"amount": Decimal(10)})[0].pk


def invoice(world: World) -> Any:
    wanted = {"organization": world.organization, "amount": Decimal(10), "currency": "BRL", "state": "paid"}
    with context.public():
        return Invoice.objects.get_or_create(
            gateway="sandbox", external_id=f"in_{world.schema}", defaults=wanted | {"issued_at": timezone.now()}
        )[0].pk


def checkout(world: World) -> Any:
    now = timezone.now()
    with context.public():
        known = Checkout.objects.filter(organization=world.organization).first()
        if known is None:
            bought = Subscription.objects.create(organization=world.organization, price_id=price(world))
            known = Checkout.objects.create(
                organization=world.organization, subscription=bought, price=bought.price, gateway="sandbox",
                key=f"isolation:{world.schema}", created_at=now, expires_at=now,
            )  # fmt: skip
        return known.pk


PRICE, INVOICE, CHECKOUT = {"pk": price}, {"pk": invoice}, {"pk": checkout}
NOT_SUBSCRIBED = {"answers": (409,), "changes": False}

ROWS: dict[str, Row] = {
    "GET /settings/billing/": Row(shows=False),
    "GET /settings/billing/invoices/<uuid:pk>/": Row(arguments=INVOICE, shows=False),
    "GET /settings/billing/invoices/<uuid:pk>/state/": Row(arguments=INVOICE, shows=False),
    "GET /settings/billing/plans/": Row(shows=False),
    "GET /settings/billing/plans/<uuid:pk>/": Row(arguments=PRICE, shows=False),
    "POST /settings/billing/plans/<uuid:pk>/": Row(
        arguments=PRICE, body=lambda *_: {"method": ""}, answers=(409,), changes=False
    ),
    "GET /settings/billing/checkouts/<uuid:pk>/": Row(arguments=CHECKOUT, shows=False),
    "GET /settings/billing/checkouts/<uuid:pk>/state/": Row(arguments=CHECKOUT, shows=False),
    "POST /settings/billing/change/undoing/": Row(**NOT_SUBSCRIBED),
    "GET /settings/billing/cancellation/": Row(answers=(409,), shows=False),
    "POST /settings/billing/cancellation/": Row(body=lambda *_: {"reason": "unused"}, **NOT_SUBSCRIBED),
    "POST /settings/billing/resumption/": Row(**NOT_SUBSCRIBED),
    "POST /settings/billing/method/": Row(**NOT_SUBSCRIBED),
    "GET /settings/billing/method/done/": Row(answers=(302,), shows=False),
}
