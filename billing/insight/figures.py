"""Billing's figures of a day, for the console's roll-up. Money by currency, as text.

Monthly recurring revenue is what subscriptions that pay or are being asked to pay bring in a month: a year's price by
twelve, by seats where members are charged for, less a coupon that never ends. Trials bring nothing yet.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from billing.insight.models import RevenueStanding
from billing.plans.models import Interval
from billing.subscriptions.models import Status, Subscription, SubscriptionTransition
from billing.webhooks.models import Discrepancy
from shared_apps.console.figures import Figures, hours_of

PAYING = (Status.ACTIVE, Status.PAST_DUE, Status.GRACE)
CENT = Decimal("0.01")
MOVEMENTS = ("new", "expansion", "contraction", "churn")


def count_day(now: datetime, day: date, before: Figures) -> Figures:
    """`before` holds the movements of the day so far, which this count adds to."""
    paying = _paying()
    moved = _moved(paying, now=now)
    figures: Figures = {}
    for movement in MOVEMENTS:
        for currency, amount in moved[movement].items():
            name = f"{movement}.{currency}"
            figures[name] = str(Decimal(before.get(name, "0")) + amount)
    for currency, amount in _sums(paying).items():
        figures[f"mrr.{currency}"] = str(amount)
    # A currency in which nobody pays any more stands at nothing, not at what it was.
    figures |= {name: "0" for name in before if name.startswith("mrr.") and name not in figures}
    open_ones = Discrepancy.objects.filter(gone_at=None).count()
    return {**figures, "paying": len(paying), "discrepancies": open_ones, **_trials(day)}


def monthly(subscription: Subscription) -> Decimal:
    """What it brings in a month."""
    price = subscription.price
    amount = price.amount * (subscription.seats if price.per_member else 1)
    coupon = subscription.coupon
    if coupon is not None and coupon.periods is None:
        if coupon.percent is not None:
            amount -= amount * coupon.percent / 100
        elif coupon.amount is not None and coupon.currency == price.currency:
            amount -= coupon.amount
    if price.interval == Interval.YEAR:
        amount /= 12
    return max(amount, Decimal(0)).quantize(CENT, ROUND_HALF_UP)


def _paying() -> dict[UUID, tuple[str, Decimal]]:
    found = Subscription.objects.filter(status__in=PAYING).select_related("price", "coupon")
    return {one.pk: (one.price.currency, monthly(one)) for one in found.iterator(chunk_size=1000)}


def _sums(paying: dict[UUID, tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in paying.values():
        sums[currency] += amount
    return sums


def _moved(paying: dict[UUID, tuple[str, Decimal]], *, now: datetime) -> dict[str, dict[str, Decimal]]:
    """What changed since the last count, and the new standings written down."""
    moved: dict[str, dict[str, Decimal]] = {name: defaultdict(Decimal) for name in MOVEMENTS}
    known = {one.subscription_id: one for one in RevenueStanding.objects.select_for_update()}
    changed: list[RevenueStanding] = []
    for key, (currency, amount) in paying.items():
        standing = known.get(key) or RevenueStanding(subscription_id=key, currency=currency, monthly=Decimal(0))
        if standing.currency != currency:
            moved["contraction"][standing.currency] += standing.monthly
            standing.monthly, standing.currency = Decimal(0), currency
        _note(moved, currency, standing.monthly, amount, is_known=key in known)
        if amount != standing.monthly or key not in known:
            standing.monthly, standing.counted_at = amount, now
            changed.append(standing)
    for key, standing in known.items():
        if key not in paying and standing.monthly:
            moved["churn"][standing.currency] += standing.monthly
            standing.monthly, standing.counted_at = Decimal(0), now
            changed.append(standing)
    RevenueStanding.objects.bulk_create(
        changed,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["subscription"],
        update_fields=["currency", "monthly", "counted_at"],
    )
    return moved


def _note(
    moved: dict[str, dict[str, Decimal]], currency: str, was: Decimal, amount: Decimal, *, is_known: bool
) -> None:
    """One that comes back after it had ended is more revenue, not a new customer."""
    if not is_known:
        moved["new"][currency] += amount
    elif amount > was:
        moved["expansion"][currency] += amount - was
    elif amount < was:
        moved["contraction"][currency] += was - amount


def _trials(day: date) -> dict[str, Any]:
    start, end = hours_of(day)
    today = SubscriptionTransition.objects.filter(at__gte=start, at__lt=end)
    counted = today.aggregate(
        trials_started=Count("pk", filter=Q(to_status=Status.TRIALING)),
        trials_converted=Count("pk", filter=Q(from_status=Status.TRIALING, to_status=Status.ACTIVE)),
        trials_ended=Count("pk", filter=Q(from_status=Status.TRIALING)),
        ended=Count("pk", filter=Q(to_status=Status.CANCELED)),
    )
    return {**counted, "trialing": Subscription.objects.filter(status=Status.TRIALING).count()}
