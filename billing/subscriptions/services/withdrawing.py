"""Another choice while a purchase is under way: the first is taken back at its gateway, so that two are never paid."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from billing.gateways.base import GatewayState
from billing.subscriptions import queries
from billing.subscriptions.errors import FirstPurchaseStands
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.sync import OVER, sync
from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization


def make_way(organization: Organization, *, keeps: Callable[[Checkout], bool], by: User | None) -> None:
    """Take back the purchase that is under way, unless it `keeps`. Called by one at a time for an organization.

    Raises FirstPurchaseStands for one that was paid meanwhile (it is written down then), PaymentRefused, PaymentsAway.
    """
    first = _under_way(organization)
    if first is None or (first.closed_at is None and keeps(first)):
        return
    subscription = first.subscription
    if subscription.external_id and not queries.is_unfinished(subscription):
        return  # it is finished: not a purchase any more
    with asking():
        provider = gateway(first.gateway)
        provider.withdraw_checkout(first.external_id, reference=str(subscription.pk), key=f"withdraw:{first.pk}")
        after = sync(subscription.pk, cause="checkout.withdrawn", by=by)
    Checkout.objects.filter(pk=first.pk, closed_at=None).update(closed_at=timezone.now())
    if _stands(after):
        raise FirstPurchaseStands


def _under_way(organization: Organization) -> Checkout | None:
    known = Checkout.objects.filter(organization=organization).select_related("subscription").order_by("-created_at")
    alive = queries.live(organization.pk)
    if alive is not None and queries.is_unfinished(alive):
        return known.filter(subscription=alive).first()
    return known.filter(closed_at=None).first()


def _stands(subscription: Subscription) -> bool:
    """Whether the gateway has it still, for it was paid, or is being checked."""
    return bool(subscription.external_id) and GatewayState(subscription.gateway_state) not in OVER
