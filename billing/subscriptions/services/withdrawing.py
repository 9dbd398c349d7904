"""Another choice while a purchase is under way: the first is taken back at its gateway, so that two are never paid. And
who leaves while being moved to another gateway does not go on there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from billing.gateways.base import GatewayState
from billing.subscriptions import queries
from billing.subscriptions.errors import FirstPurchaseStands
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.sync import OVER, sync
from billing.subscriptions.transitions import advance, lock
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
    if _stands(_take_back(first, by=by)):
        raise FirstPurchaseStands


def give_up_move(subscription: Subscription, *, by: User | None, now: datetime) -> None:
    """End what was to follow this one at another gateway, agreed on there or not. Raises PaymentRefused, PaymentsAway.

    Before this one ends: what ends lets its follower begin.
    """
    for follower in Subscription.objects.filter(replaces=subscription, status=Status.INCOMPLETE):
        under_way = (
            Checkout.objects.filter(subscription=follower, closed_at=None).select_related("subscription").first()
        )
        if under_way is not None and not follower.external_id:
            _take_back(under_way, by=by)
        with transaction.atomic():
            ours = lock(follower.pk)
            ours.cancel_at = now
            advance(ours, cause="move.given_up", now=now, by=by)


def _take_back(checkout: Checkout, *, by: User | None) -> Subscription:
    """So that nobody can pay it any more; how it stands after that, for it may have been paid before."""
    pk = checkout.subscription_id
    with asking():
        provider = gateway(checkout.gateway)
        provider.withdraw_checkout(checkout.external_id, reference=str(pk), key=f"withdraw:{checkout.pk}")
        after = sync(pk, cause="checkout.withdrawn", by=by)
    Checkout.objects.filter(pk=checkout.pk, closed_at=None).update(closed_at=timezone.now())
    return after


def _under_way(organization: Organization) -> Checkout | None:
    known = Checkout.objects.filter(organization=organization).select_related("subscription").order_by("-created_at")
    alive = queries.live(organization.pk)
    if alive is not None and queries.is_unfinished(alive):
        return known.filter(subscription=alive).first()
    return known.filter(closed_at=None).first()


def _stands(subscription: Subscription) -> bool:
    """Whether the gateway has it still, for it was paid, or is being checked."""
    return bool(subscription.external_id) and GatewayState(subscription.gateway_state) not in OVER
