"""Another gateway without being charged twice: the new one begins where what was paid at the old one ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from billing import clock
from billing.plans.models import Price
from billing.subscriptions import notices, queries
from billing.subscriptions.errors import NotSubscribed, PaymentDue, SamePlan, SwitchUnderWay
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services.asking import gateway
from billing.subscriptions.services.checkout import Order, finish_checkout, open_at_gateway
from shared_apps.accounts.models import User
from shared_apps.organizations.domains import address_at
from shared_apps.tenancy import context


def switch_gateway(
    subscription: Subscription,
    *,
    to: str,
    by: User | None,
    return_url: Callable[[Checkout], str],
    cancel_url: str,
    price: Price | None = None,
    now: datetime | None = None,
) -> Checkout:
    """A purchase at another gateway. The old one is ended, with its period, once the new one was bought.

    Raises NotSubscribed, SamePlan, SwitchUnderWay, PaymentDue, NotForSale, PaymentRefused, PaymentsAway.
    """
    now = now or clock.now()
    with context.public():
        subscription = Subscription.objects.select_related("organization", "price__plan", "coupon").get(
            pk=subscription.pk
        )
        if not subscription.external_id:
            raise NotSubscribed
        if to == subscription.gateway:
            raise SamePlan
        if subscription.status != Status.ACTIVE:
            raise PaymentDue
        if queries.follower(subscription) is not None:
            raise SwitchUnderWay
        order = Order(price or subscription.price, to, subscription.seats, subscription.coupon, replaces=subscription)
        return open_at_gateway(
            subscription.organization, order, gateway(to), by=by, return_url=return_url, cancel_url=cancel_url, now=now
        )


def move_to_gateway(subscription: Subscription, *, to: str, by: User | None, now: datetime | None = None) -> Checkout:
    """The platform's own people move an organization: its owners are sent the page on which they agree to pay there.

    Nothing changes before they do, but where the gateway asks for nothing now. Raises as `switch_gateway` does.
    """
    now = now or clock.now()
    with context.public():
        organization = Subscription.objects.select_related("organization").get(pk=subscription.pk).organization
        pages = f"{address_at(organization.pk, organization.slug)}{notices.PATH}"
        begun = switch_gateway(
            subscription,
            to=to,
            by=by,
            return_url=lambda checkout: f"{pages}checkouts/{checkout.pk}/",
            cancel_url=pages,
            now=now,
        )
        notices.tell(subscription, step=notices.SWITCH, about=begun.key, now=now, pay_url=begun.url)
        return finish_checkout(organization, checkout=str(begun.pk), now=now)
