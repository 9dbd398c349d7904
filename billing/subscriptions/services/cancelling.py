"""Ending, and thinking better of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing import clock
from billing.subscriptions import queries
from billing.subscriptions.errors import HasEnded, NotCanceled, SwitchUnderWay
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.services.asking import asking, gateway
from billing.subscriptions.services.withdrawing import give_up_move
from billing.subscriptions.sync import sync
from billing.subscriptions.transitions import advance, lock, record
from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

IN_ARREARS = (Status.PAST_DUE, Status.GRACE, Status.SUSPENDED)


def cancel(
    subscription: Subscription, *, by: User | None, reason: str = "", now_at_once: bool = False,
    now: datetime | None = None,
) -> Subscription:  # fmt: skip
    """Does not renew: it ends when what was paid, or the trial, is used up; at once where something is owed.

    Raises HasEnded, PaymentRefused, PaymentsAway.
    """
    asked_at, now = now, now or clock.now()
    with context.public():
        subscription = Subscription.objects.get(pk=subscription.pk)
        if subscription.status in (Status.CANCELED, Status.INCOMPLETE):
            raise HasEnded
        give_up_move(subscription, by=by, now=now)
        at_once = now_at_once or subscription.status in IN_ARREARS
        if subscription.external_id:
            key = f"cancel:{subscription.pk}:{'now' if at_once else 'end'}:{_times(subscription, 'cancel')}"
            with asking():
                provider = gateway(subscription.gateway)
                provider.cancel(subscription.external_id, at_period_end=not at_once, key=key)
        return _cancelled(subscription.pk, at_once=at_once, reason=reason, by=by, now=now, asked_at=asked_at)


def resume(subscription: Subscription, *, by: User | None, now: datetime | None = None) -> Subscription:
    """Take a cancellation back before it happened.

    Raises NotCanceled, HasEnded, PaymentRefused, PaymentsAway; SwitchUnderWay where another follows it, for both
    would be charged.
    """
    asked_at, now = now, now or clock.now()
    with context.public():
        subscription = Subscription.objects.get(pk=subscription.pk)
        if subscription.status == Status.CANCELED:
            raise HasEnded
        if subscription.cancel_at is None:
            raise NotCanceled
        if queries.follower(subscription) is not None:
            raise SwitchUnderWay
        if subscription.external_id:
            with asking():
                key = f"resume:{subscription.pk}:{_times(subscription, 'resume')}"
                gateway(subscription.gateway).resume(subscription.external_id, key=key)
        return _resumed(subscription.pk, by=by, now=now, asked_at=asked_at)


def close(organization: Organization, *, cause: str, now: datetime | None = None) -> None:
    """End what runs at once, with us; a task then ends it at the gateway, until that has said yes."""
    now = now or clock.now()
    with context.public(), transaction.atomic():
        for pk in (
            Subscription.objects.filter(organization=organization).exclude(status=Status.CANCELED).values_list("pk")
        ):
            subscription = lock(pk[0])
            subscription.cancel_at = now
            advance(subscription, cause=cause, now=now)


def end_at_gateway(subscription_id: UUID) -> None:
    """Stop a gateway from charging what has ended with us. A task calls it until the gateway has said yes."""
    with context.public():
        subscription = Subscription.objects.exclude(external_id="").filter(pk=subscription_id).first()
        if subscription is None:
            return
        replaced = subscription.status != Status.CANCELED
        provider = gateway(subscription.gateway)
        key = f"end:{subscription.pk}:{'period' if replaced else 'now'}"
        provider.cancel(subscription.external_id, at_period_end=replaced, key=key)
        sync(subscription.pk, cause="ended_at_gateway")


def _times(subscription: Subscription, what: str) -> int:
    """How often it was done before: a key for each time, the same however often one time is tried."""
    return subscription.transitions.filter(cause__startswith=f"{what}:").count()


def _cancelled(
    pk: UUID, *, at_once: bool, reason: str, by: User | None, now: datetime, asked_at: datetime | None
) -> Subscription:
    with transaction.atomic():
        subscription = lock(pk)
        if subscription.status == Status.CANCELED:
            return subscription
        subscription.cancel_reason = reason[:200]
        ends = subscription.trial_ends_at if subscription.status == Status.TRIALING else subscription.period_ends_at
        subscription.cancel_at = (
            now if at_once else (subscription.cancel_at or subscription.access_until or ends or now)
        )
        before = subscription.status
        cause = f"cancel:{reason}"
        advance(subscription, cause=cause, now=now, by=by)
        if subscription.status == before:
            record(subscription, before=before, cause=cause, now=now, by=by)
    return sync(pk, cause="cancel", by=by, now=asked_at) if subscription.external_id else subscription


def _resumed(pk: UUID, *, by: User | None, now: datetime, asked_at: datetime | None) -> Subscription:
    with transaction.atomic():
        subscription = lock(pk)
        if subscription.cancel_at is None or subscription.status == Status.CANCELED:
            return subscription
        subscription.cancel_at, subscription.cancel_reason = None, ""
        if subscription.gateway_state == "ending":
            subscription.gateway_state = "running"
        record(subscription, before=subscription.status, cause="resume:", now=now, by=by)
        advance(subscription, cause="resume:", now=now, by=by)
    return sync(pk, cause="resume", by=by, now=asked_at) if subscription.external_id else subscription
