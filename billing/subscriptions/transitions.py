"""Carrying out what `states.next_state` says: fields, history, notices, and what follows at the gateway."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from billing.gateways.base import GatewayState
from billing.plans import versions
from billing.subscriptions import facts, notices
from billing.subscriptions.models import Status, Subscription, SubscriptionTransition
from billing.subscriptions.prices import take_next_price
from billing.subscriptions.states import Standing, next_state
from shared_apps.accounts.models import User
from shared_apps.tenancy.jobs import enqueue

logger = get_logger(__name__)
REMIND_BEFORE = timedelta(days=3)  # of a trial's end
LOOK_AGAIN = timedelta(hours=2)  # after a period's end or a due date: what the gateway made of it
GONE = {GatewayState.CANCELED, GatewayState.NEVER, ""}


def lock(pk: UUID) -> Subscription:
    """The row, held until the transaction ends, with what is read of it."""
    Subscription.objects.select_for_update().get(pk=pk)
    return Subscription.objects.select_related("price__plan", "next_price", "organization").get(pk=pk)


def advance(subscription: Subscription, *, cause: str, now: datetime, by: User | None = None) -> Subscription:
    """Bring a locked subscription to where the facts put it, and save it. Again at the same moment: nothing."""
    before, dunning = subscription.status, subscription.dunning_started_at
    take_next_price(subscription, now)
    standing = next_state(facts.of(subscription), now)
    _copy(standing, subscription)
    subscription.due_at = _due_at(subscription, standing, now)
    subscription.save()
    if subscription.status != before:
        _moved(subscription, before, dunning, cause=cause, now=now, by=by)
    elif _is_to_be_reminded(subscription, now):
        ends = subscription.trial_ends_at
        notices.tell(subscription, step=notices.TRIAL_ENDING, about=ends.isoformat() if ends else "", now=now)
    versions.organization_changed(subscription.organization_id)
    return subscription


def _copy(standing: Standing, subscription: Subscription) -> None:
    subscription.status = standing.status
    subscription.dunning_started_at = standing.dunning_started_at
    subscription.suspended_reason = standing.suspended_reason
    subscription.access_until = standing.access_until
    subscription.ended_at = standing.ended_at or subscription.ended_at


def _moved(
    subscription: Subscription, before: str, dunning: datetime | None, *, cause: str, now: datetime, by: User | None
) -> None:
    record(subscription, before=before, cause=cause, now=now, by=by)
    notices.of_transition(subscription, before=before, dunning=dunning, now=now)
    logger.info("subscription_moved", subscription=str(subscription.pk), before=before, after=subscription.status)
    if subscription.status == Status.CANCELED:
        if subscription.external_id and subscription.gateway_state not in GONE:
            enqueue("subscriptions.end_at_gateway", subscription_id=subscription.pk)
        for follower in Subscription.objects.filter(replaces=subscription, status=Status.INCOMPLETE):
            advance(lock(follower.pk), cause=cause, now=now)


def record(subscription: Subscription, *, before: str, cause: str, now: datetime, by: User | None) -> None:
    """One line of its history."""
    SubscriptionTransition.objects.create(
        subscription=subscription, from_status=before, to_status=subscription.status, cause=cause[:200], by=by, at=now
    )


def _is_to_be_reminded(subscription: Subscription, now: datetime) -> bool:
    """Of a trial's end, when nothing is set up to follow it."""
    ends = subscription.trial_ends_at
    return bool(subscription.status == Status.TRIALING and ends and ends - REMIND_BEFORE <= now < ends)


def _due_at(subscription: Subscription, standing: Standing, now: datetime) -> datetime | None:
    if standing.status == Status.CANCELED:
        return None
    moments = [standing.due_at, subscription.next_price_at]
    if standing.status == Status.TRIALING and subscription.trial_ends_at:
        moments.append(subscription.trial_ends_at - REMIND_BEFORE)
    if subscription.external_id and subscription.period_ends_at:
        moments.append(subscription.period_ends_at + LOOK_AGAIN)
    return min((moment for moment in moments if moment and moment > now), default=None)
