"""What each subscription brought in a month when it was last counted, so that the next count can say what moved."""

from __future__ import annotations

from django.db import models

from billing.subscriptions.models import Subscription
from shared_apps.core.models import UUIDModel


class RevenueStanding(UUIDModel):
    """`monthly` is 0 after a subscription ended: one that comes back is not new."""

    subscription = models.OneToOneField(Subscription, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    monthly = models.DecimalField(max_digits=10, decimal_places=2)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.currency} {self.monthly}"
