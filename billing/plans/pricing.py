"""A price is never changed: another one takes its place, and whoever pays the old one keeps it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from billing.plans.models import Plan, Price


@transaction.atomic
def replace_price(
    plan: Plan, *, interval: str, currency: str, amount: Decimal, trial_days: int = 0, per_member: bool = False
) -> Price:
    """What is sold from now on. The same once more changes nothing."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    wanted = {"amount": amount, "trial_days": trial_days, "per_member": per_member}
    current = Price.objects.filter(plan=plan, interval=interval, currency=currency, retired_at=None).first()
    if current is not None and all(getattr(current, name) == value for name, value in wanted.items()):
        return current
    if current is not None:
        retire_price(current)
    return Price.objects.create(plan=plan, interval=interval, currency=currency, **wanted)


@transaction.atomic
def retire_price(price: Price) -> Price:
    """Not sold any more."""
    Price.objects.filter(pk=price.pk, retired_at=None).update(retired_at=timezone.now())
    return Price.objects.get(pk=price.pk)
