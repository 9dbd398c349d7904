"""Which price a subscription has: what the gateway charges for, and when a change that was agreed on begins."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from structlog import get_logger

from billing.gateways.base import SubscriptionSnapshot
from billing.invoices.models import Invoice
from billing.plans.models import Coupon, GatewayPrice, Price
from billing.subscriptions.models import Checkout, Subscription

logger = get_logger(__name__)


def follow(snapshot: SubscriptionSnapshot, subscription: Subscription) -> None:
    """Take over the price the gateway charges. One it does not know from us changes nothing but is reported."""
    if not snapshot.prices:
        return
    known = _known(subscription.gateway, snapshot)
    prices = [row.price for row in known]
    if strange := _strange(snapshot, known):
        logger.error("price_unknown", gateway=subscription.gateway, subscription=snapshot.id, prices=strange)
    if not prices or subscription.price_id in {price.pk for price in prices}:
        return
    price = prices[0]
    if price.pk != subscription.next_price_id:  # agreed on with us: it begins when it was said to
        _take(subscription, price, snapshot.quantity)


def unknown(gateway: str, snapshot: SubscriptionSnapshot) -> list[str]:
    """The gateway's prices in a subscription that are none of ours: somebody added an item there by hand, say."""
    return _strange(snapshot, _known(gateway, snapshot))


def _known(gateway: str, snapshot: SubscriptionSnapshot) -> list[GatewayPrice]:
    known = GatewayPrice.objects.filter(gateway=gateway, external_id__in=snapshot.prices)
    return list(known.select_related("price__plan"))


def _strange(snapshot: SubscriptionSnapshot, known: list[GatewayPrice]) -> list[str]:
    return sorted(set(snapshot.prices) - {row.external_id for row in known})


def bought(snapshot: SubscriptionSnapshot, subscription: Subscription) -> Checkout | None:
    """The choice that became this: of several the latest that costs what the gateway charges."""
    chosen = Checkout.objects.filter(subscription=subscription, gateway=subscription.gateway)
    found = list(chosen.select_related("price__plan", "coupon").order_by("-created_at"))
    return next((one for one in found if _charges(snapshot, one)), found[0] if found else None)


def _charges(snapshot: SubscriptionSnapshot, checkout: Checkout) -> bool:
    price = checkout.price
    if snapshot.prices:
        return GatewayPrice.objects.filter(
            price=price, gateway=checkout.gateway, external_id__in=snapshot.prices
        ).exists()
    whole = price.amount * (checkout.seats if price.per_member else 1)
    return snapshot.amount in (whole, whole - off(price, checkout.coupon, whole))


def off(price: Price, coupon: Coupon | None, whole: Decimal) -> Decimal:
    """Money off one charge of a price; never more than it."""
    if coupon is None:
        return Decimal(0)
    if coupon.percent is not None:
        return (whole * coupon.percent / 100).quantize(Decimal("0.01"))
    return min(coupon.amount or Decimal(0), whole) if coupon.currency == price.currency else Decimal(0)


def take_next_price(subscription: Subscription, now: datetime) -> None:
    """Begin what was agreed on, once its moment has come and what it costs at once is paid."""
    at = subscription.next_price_at
    if subscription.next_price is None or at is None or at > now:
        return
    if subscription.next_price_due and not _is_paid(subscription, at):
        return
    _take(subscription, subscription.next_price, subscription.next_seats or subscription.seats)


def _is_paid(subscription: Subscription, since: datetime) -> bool:
    """Whether the difference came: a charge made since the change was asked for is paid, and none of them is not."""
    asked = Invoice.objects.filter(subscription=subscription, issued_at__gte=since.replace(microsecond=0))
    states = set(asked.exclude(state__in=["void", "draft"]).values_list("state", flat=True))
    return states == {"paid"}


def _take(subscription: Subscription, price: Price, seats: int) -> None:
    subscription.price, subscription.seats = price, seats
    forget_next(subscription)


def forget_next(subscription: Subscription) -> None:
    subscription.next_price = subscription.next_seats = subscription.next_price_due = None
    subscription.next_price_at = subscription.next_price_asked_at = None
