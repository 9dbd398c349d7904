"""Another plan: more at once and paid at once, less from the next period on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from billing import clock
from billing.gateways.base import ChangePreview
from billing.plans.models import Interval, Price
from billing.subscriptions import discounts, queries
from billing.subscriptions.errors import (
    GivenBack,
    HasEnded,
    NotForSale,
    NothingToUndo,
    PaymentDue,
    PaymentRefused,
    SamePlan,
    SwitchUnderWay,
)
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.prices import forget_next, off
from billing.subscriptions.services.asking import asking, gateway, wanted
from billing.subscriptions.sync import sync
from billing.subscriptions.transitions import advance, lock, record
from shared_apps.accounts.models import User
from shared_apps.tenancy import context

RUNNING = (Status.TRIALING, Status.ACTIVE)


def is_upgrade(subscription: Subscription, price: Price, seats: int) -> bool:
    """Whether it is paid at once: it costs more a month, or a year is paid where a month was."""
    if price.interval != subscription.price.interval:
        return price.interval == Interval.YEAR
    return _total(price, seats) > _total(subscription.price, subscription.seats)


def preview_change(
    subscription: Subscription, *, price: Price, seats: int = 1, now: datetime | None = None
) -> ChangePreview:
    """What the change costs now and from then on. Raises as `change_plan` does."""
    now = now or clock.now()
    with context.public():
        _check(subscription, price, seats)
        if not subscription.external_id or not is_upgrade(subscription, price, seats):
            begins = subscription.trial_ends_at if subscription.status == Status.TRIALING else None
            next_at = begins or subscription.period_ends_at or now
            return ChangePreview(Decimal(0), _next_total(subscription, price, seats), next_at, price.currency, now)
        provider = gateway(subscription.gateway)
        with asking():
            asked = wanted(price, provider, seats=seats, coupon=discounts.left(subscription))
            return provider.preview_change(subscription.external_id, asked, now=now)


def change_plan(
    subscription: Subscription,
    *,
    price: Price,
    by: User | None,
    seats: int = 1,
    previewed_at: datetime | None = None,
    now: datetime | None = None,
) -> Subscription:
    """An upgrade holds once its difference is paid; anything else begins with the next period.

    Asked for again while it is under way (two clicks, an answer that was lost), it is the same change: the gateway gets
    the key and the moment of the first time, and charges the difference once.

    Raises NotForSale, SamePlan, PaymentDue, GivenBack, HasEnded, SwitchUnderWay, PaymentRefused, PaymentsAway.
    """
    asked_at, now = now, now or clock.now()
    with context.public():
        _check(subscription, price, seats)
        if not subscription.external_id:
            return _change_trial(subscription, price, seats, by=by, now=now)
        upgrade = is_upgrade(subscription, price, seats)
        at = _asked_before(subscription, price, seats) or previewed_at or now
        due = preview_change(subscription, price=price, seats=seats, now=at).due_now if upgrade else Decimal(0)
        planned = _plan(subscription.pk, price, seats, due=due, upgrade=upgrade, at=at, by=by, now=now)
        provider = gateway(subscription.gateway)
        at = planned.next_price_asked_at or at  # somebody else's click may have been first
        key = f"change:{planned.pk}:{price.pk}:{seats}:{at.isoformat()}"
        try:
            with asking():
                asked = wanted(price, provider, seats=seats, coupon=discounts.left(subscription))
                provider.change_price(planned.external_id, asked, prorated_at=at if upgrade else None, key=key)
        except (PaymentRefused, NotForSale):
            _forget(planned.pk, by=by, now=now)
            raise
        return sync(planned.pk, cause="plan.changed", by=by, now=asked_at)


def undo_change(subscription: Subscription, *, by: User | None, now: datetime | None = None) -> Subscription:
    """Keep the plan one has, where another was to begin with the next period. Raises NothingToUndo."""
    asked_at, now = now, now or clock.now()
    with context.public():
        subscription = Subscription.objects.select_related("price__plan", "coupon").get(pk=subscription.pk)
        if subscription.next_price_id is None or subscription.next_price_due or subscription.status == Status.CANCELED:
            raise NothingToUndo
        provider = gateway(subscription.gateway)
        key = f"unchange:{subscription.pk}:{subscription.next_price_id}:{subscription.next_price_asked_at}"
        with asking():
            asked = wanted(subscription.price, provider, seats=subscription.seats, coupon=discounts.left(subscription))
            provider.change_price(subscription.external_id, asked, prorated_at=None, key=key)
        _forget(subscription.pk, by=by, now=now)
        return sync(subscription.pk, cause="change.undone", by=by, now=asked_at)


def _asked_before(subscription: Subscription, price: Price, seats: int) -> datetime | None:
    """When this very change was asked for, if it is under way."""
    planned = (subscription.next_price_id, subscription.next_seats)
    return subscription.next_price_asked_at if planned == (price.pk, seats) else None


def _check(subscription: Subscription, price: Price, seats: int) -> None:
    if subscription.status in (Status.CANCELED, Status.INCOMPLETE):
        raise HasEnded
    is_sold = price.retired_at is None and price.plan.is_offered
    if (not is_sold and price.pk != subscription.price_id) or price.currency != subscription.price.currency:
        raise NotForSale
    if price.pk == subscription.price_id and (seats == subscription.seats or not price.per_member):
        raise SamePlan
    if queries.is_given_back(subscription):
        raise GivenBack
    if subscription.external_id and subscription.status not in RUNNING:
        raise PaymentDue
    if queries.follower(subscription) is not None:
        raise SwitchUnderWay


@transaction.atomic
def _change_trial(
    subscription: Subscription, price: Price, seats: int, *, by: User | None, now: datetime
) -> Subscription:
    """Nothing is paid yet: try another plan."""
    subscription = lock(subscription.pk)
    subscription.price, subscription.seats = price, seats
    record(subscription, before=subscription.status, cause="plan.changed", now=now, by=by)
    return advance(subscription, cause="plan.changed", now=now, by=by)


@transaction.atomic
def _plan(
    pk: UUID, price: Price, seats: int, *, due: Decimal, upgrade: bool, at: datetime, by: User | None,
    now: datetime,
) -> Subscription:  # fmt: skip
    subscription = lock(pk)
    if _asked_before(subscription, price, seats):
        return subscription
    subscription.next_price_asked_at = at
    subscription.next_price, subscription.next_seats = price, seats
    subscription.next_price_at = now if upgrade else (subscription.trial_ends_at if _is_trial(subscription) else None)
    subscription.next_price_at = subscription.next_price_at or subscription.period_ends_at or now
    subscription.next_price_due = max(due, Decimal(0))
    subscription.save()
    cause = "plan.changing" if price.pk != subscription.price_id else "seats.changing"
    record(subscription, before=subscription.status, cause=cause, now=now, by=by)
    return subscription


def _is_trial(subscription: Subscription) -> bool:
    return subscription.status == Status.TRIALING


@transaction.atomic
def _forget(pk: UUID, *, by: User | None, now: datetime) -> None:
    subscription = lock(pk)
    forget_next(subscription)
    subscription.save()
    record(subscription, before=subscription.status, cause="plan.change_given_up", now=now, by=by)


def _next_total(subscription: Subscription, price: Price, seats: int) -> Decimal:
    """Of the first period at this price."""
    total = _total(price, seats)
    return total - off(price, discounts.left(subscription), total)


def _total(price: Price, seats: int) -> Decimal:
    return price.amount * (seats if price.per_member else 1)
