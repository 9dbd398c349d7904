"""A coupon for some periods: how many charges it took something off, and when a gateway must be asked to end it."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing import clock
from billing.gateways.base import SubscriptionSnapshot
from billing.gateways.registry import get_gateway
from billing.invoices.models import Invoice
from billing.plans.models import Coupon, Price
from billing.subscriptions.models import Subscription


def left(subscription: Subscription) -> Coupon | None:
    """The coupon, as long as it takes something off charges to come: one made ahead of its period is one of them, for
    a change of price makes it anew."""
    coupon = subscription.coupon
    if coupon is None or coupon.periods is None:
        return coupon
    ahead = Q(state=Invoice.State.OPEN, period_starts_at__gt=clock.now())
    return coupon if _charged(subscription).exclude(ahead).count() < coupon.periods else None


def is_used_up(subscription: Subscription, coupon: Coupon) -> bool:
    """Whether all the charges that it takes something off are made."""
    return coupon.periods is not None and _charged(subscription).count() >= coupon.periods


def is_to_end(subscription: Subscription, snapshot: SubscriptionSnapshot) -> bool:
    """Whether the gateway, which ends no discount by itself, gives on what was promised for some periods only."""
    coupon = subscription.coupon
    if coupon is None or coupon.periods is None or get_gateway(subscription.gateway).abilities.ends_discounts:
        return False
    charged = list(_charged(subscription).order_by("period_starts_at").values_list("state", "amount"))
    if len(charged) < coupon.periods:
        return False
    price, seats = charged_next(subscription)
    whole = price.amount * (seats if price.per_member else 1)
    late = [amount for state, amount in charged[coupon.periods :] if state == Invoice.State.OPEN]
    return (snapshot.amount or Decimal(0)) < whole or any(amount < whole for amount in late)


def charged_next(subscription: Subscription) -> tuple[Price, int]:
    """The price, and for how many, that a gateway without prices of its own was told last."""
    if subscription.next_price is not None:
        return subscription.next_price, subscription.next_seats or subscription.seats
    return subscription.price, subscription.seats


def _charged(subscription: Subscription) -> QuerySet[Invoice]:
    known = Invoice.objects.filter(subscription=subscription, amount__gt=0)
    known = known.exclude(period_starts_at=None).exclude(state=Invoice.State.VOID)
    # What a larger plan costs more for the rest of a period is charged within it, and uses up none.
    begun_before = known.filter(period_ends_at=OuterRef("period_ends_at"))
    return known.exclude(Exists(begun_before.filter(period_starts_at__lt=OuterRef("period_starts_at"))))
