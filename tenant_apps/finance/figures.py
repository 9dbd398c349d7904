"""What the platform is told of this firm's money: what it received in the month so far."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from shared_apps.organizations.figures import Month
from tenant_apps.finance.models import Kind, Payment


def received(month: Month) -> Decimal:
    paid = Payment.objects.standing().filter(entry__kind=Kind.RECEIVABLE, paid_on__range=(month.first, month.day))
    return paid.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
