"""Ending a discount where the gateway does not do it by itself, before the first charge that is to be whole."""

from __future__ import annotations

from uuid import UUID

from billing.subscriptions import discounts
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.services.asking import gateway, wanted
from billing.subscriptions.sync import sync
from shared_apps.tenancy import context


def end_discount(subscription_id: UUID) -> None:
    """A task calls it until the gateway has said yes. Again: nothing. The gateway's errors come through."""
    with context.public():
        found = Subscription.objects.select_related("price__plan", "next_price__plan", "coupon")
        subscription = found.filter(pk=subscription_id).exclude(status=Status.CANCELED).first()
        coupon = subscription.coupon if subscription else None
        if subscription is None or coupon is None or coupon.periods is None:
            return
        if not discounts.is_used_up(subscription, coupon):
            return
        provider = gateway(subscription.gateway)
        price, seats = discounts.charged_next(subscription)
        asked = wanted(price, provider, seats=seats)
        key = f"discount:{subscription.pk}:{coupon.pk}"
        provider.end_discount(subscription.external_id, asked, after=coupon.periods, key=key)
        sync(subscription.pk, cause="discount.ended")
