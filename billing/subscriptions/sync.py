"""The one way from a gateway's truth to our rows: checkout, webhooks, reconciliation, the clock and support use it.

The truth is fetched outside of any transaction; what follows from it is written in one, under the subscription's lock.
A truth that was fetched before the one that is written already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from structlog import get_logger

from billing import clock
from billing.gateways.base import Gateway, GatewayState, SubscriptionSnapshot
from billing.gateways.registry import get_gateway
from billing.invoices import services as invoices
from billing.subscriptions import customers, discounts, facts, prices
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.transitions import advance, lock
from shared_apps.accounts.models import User
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue

logger = get_logger(__name__)
Also = Callable[[], None]
OVER = (GatewayState.CANCELED, GatewayState.NEVER)


def sync(
    subscription_id: UUID, *, cause: str, now: datetime | None = None, by: User | None = None, also: Also | None = None
) -> Subscription:
    """Fetch the gateway's truth and write what follows. `also` runs in the same transaction, whatever is written.

    Raises GatewayAway, GatewayRefused or NoGateway from the fetch, after which nothing was written, and
    Subscription.DoesNotExist.
    """
    with context.public():
        subscription = Subscription.objects.get(pk=subscription_id)
        fetched_at = now or clock.now()
        found = _fetch(subscription)
        if found is None:
            return touch(subscription_id, cause=cause, now=fetched_at, by=by, also=also)
        name, snapshot = found
        return sync_snapshot(
            snapshot,
            subscription_id=subscription_id,
            gateway=name,
            fetched_at=fetched_at,
            cause=cause,
            by=by,
            also=also,
        )


def sync_snapshot(
    snapshot: SubscriptionSnapshot,
    *,
    subscription_id: UUID,
    gateway: str,
    fetched_at: datetime,
    cause: str,
    by: User | None = None,
    also: Also | None = None,
) -> Subscription:
    """Write what follows from a truth that was fetched at `fetched_at`. Reads and writes our database only."""
    with context.public(), transaction.atomic():
        subscription = lock(subscription_id)
        if _is_news(snapshot, subscription, gateway, fetched_at):
            _adopt(snapshot, subscription, gateway)
            _copy(snapshot, subscription, fetched_at)
            _record_invoices(snapshot, subscription, fetched_at)
            advance(subscription, cause=cause, now=fetched_at, by=by)
            if discounts.is_to_end(subscription, snapshot):
                enqueue("subscriptions.end_discount", subscription_id=subscription.pk)
            _forget_failed_purchase(subscription)
        if also is not None:
            also()
        return subscription


def touch(
    subscription_id: UUID, *, cause: str, now: datetime, by: User | None = None, also: Also | None = None
) -> Subscription:
    """Look at the clock alone, for one that no gateway knows, or whose gateway does not answer."""
    with context.public(), transaction.atomic():
        subscription = advance(lock(subscription_id), cause=cause, now=now, by=by)
        if also is not None:
            also()
        return subscription


def _fetch(subscription: Subscription) -> tuple[str, SubscriptionSnapshot] | None:
    if subscription.external_id:
        snapshot = get_gateway(subscription.gateway).fetch_subscription(subscription.external_id)
        if snapshot is None:
            logger.error("subscription_unknown_to_gateway", subscription=str(subscription.pk))
        return (subscription.gateway, snapshot) if snapshot else None
    if subscription.status == Status.CANCELED:
        return None
    tried = Checkout.objects.filter(subscription=subscription).order_by("-created_at")
    for name in dict.fromkeys(tried.values_list("gateway", flat=True)):
        snapshot = _bought(get_gateway(name), subscription)
        if snapshot is not None:
            return name, snapshot
    return None


def _bought(gateway: Gateway, subscription: Subscription) -> SubscriptionSnapshot | None:
    """What a purchase of ours became; of two that run the one that was paid."""
    made = gateway.find_subscriptions(reference=str(subscription.pk))
    alive = [one for one in made if one.state not in OVER]
    if len(alive) > 1:
        _bought_twice(subscription, gateway.name, [one.id for one in alive])
    return min(alive, key=lambda one: not was_paid(one), default=None)


def was_paid(snapshot: SubscriptionSnapshot) -> bool:
    return any(one.payments for one in snapshot.invoices)


def _bought_twice(subscription: Subscription, gateway: str, ids: list[str]) -> None:
    """One of them is to be ended."""
    logger.error("bought_twice", gateway=gateway, subscription=str(subscription.pk), ids=ids)
    enqueue("webhooks.end_doubles", subscription_id=subscription.pk)


def _is_news(snapshot: SubscriptionSnapshot, subscription: Subscription, gateway: str, fetched_at: datetime) -> bool:
    if subscription.synced_at and fetched_at < subscription.synced_at:
        return False
    if subscription.external_id and (subscription.gateway, subscription.external_id) != (gateway, snapshot.id):
        if snapshot.state not in OVER:
            _bought_twice(subscription, gateway, [snapshot.id])
        return False
    if snapshot.reference and snapshot.reference != str(subscription.pk):
        logger.error("reference_of_another", gateway=gateway, subscription=str(subscription.pk), id=snapshot.id)
        return False
    return True


def _follow_up(subscription: Subscription) -> None:
    """The one that this replaces is paid to its end and no further."""
    if subscription.replaces_id:
        enqueue("subscriptions.end_at_gateway", subscription_id=subscription.replaces_id)


def _adopt(snapshot: SubscriptionSnapshot, subscription: Subscription, gateway: str) -> None:
    """The gateway's subscription is this one's from now on, with what was bought."""
    if subscription.external_id:
        return
    subscription.gateway, subscription.external_id = gateway, snapshot.id
    bought = prices.bought(snapshot, subscription)
    if bought is not None:
        subscription.price, subscription.seats, subscription.coupon = bought.price, bought.seats, bought.coupon
    _follow_up(subscription)
    if snapshot.customer:
        customers.remember(subscription.organization_id, gateway, snapshot.customer)


def _copy(snapshot: SubscriptionSnapshot, subscription: Subscription, fetched_at: datetime) -> None:
    if snapshot.state == GatewayState.UNKNOWN:
        logger.error("gateway_state_unknown", subscription=str(subscription.pk), status=snapshot.status)
    prices.follow(snapshot, subscription)
    subscription.gateway_state, subscription.gateway_status = snapshot.state.value, snapshot.status[:40]
    subscription.has_method = snapshot.has_method
    subscription.trial_ends_at = snapshot.trial_ends_at or subscription.trial_ends_at
    subscription.period_starts_at = snapshot.period_starts_at or subscription.period_starts_at
    subscription.period_ends_at = snapshot.period_ends_at or subscription.period_ends_at
    if snapshot.state != GatewayState.UNKNOWN:
        subscription.cancel_at = snapshot.cancel_at
        subscription.ended_at = snapshot.ended_at or subscription.ended_at
    subscription.cancel_reason = subscription.cancel_reason or snapshot.reason[:200]
    subscription.synced_at = fetched_at


def _record_invoices(snapshot: SubscriptionSnapshot, subscription: Subscription, fetched_at: datetime) -> None:
    new = invoices.record(
        snapshot.invoices,
        gateway=subscription.gateway,
        organization_id=subscription.organization_id,
        subscription_id=subscription.pk,
        fetched_at=fetched_at,
    )
    if new and subscription.status == Status.CANCELED:
        logger.error("paid_after_the_end", subscription=str(subscription.pk), payments=[one.external_id for one in new])
    if snapshot.state == GatewayState.ENDING and subscription.cancel_at is None:
        known = facts.of(subscription)
        subscription.cancel_at = known.paid_until or known.trial_ends_at or fetched_at


def _forget_failed_purchase(subscription: Subscription) -> None:
    """A purchase that never came about leaves the trial it began in free for another."""
    if subscription.gateway_state == GatewayState.NEVER and subscription.status != Status.CANCELED:
        subscription.gateway = subscription.external_id = subscription.gateway_state = subscription.gateway_status = ""
        subscription.save()
