"""The clock of subscriptions, and what must reach a gateway sooner or later."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from billing.subscriptions import services
from shared_apps.tenancy.jobs import platform_periodic, platform_task


@platform_periodic("subscriptions.tick", every=timedelta(minutes=1), atomic=False)
def tick() -> None:
    """Trials that end, dunning that goes on, changes that begin."""
    services.tick_due()


@platform_task("subscriptions.end_at_gateway", atomic=False)
def end_at_gateway(subscription_id: str) -> None:
    services.end_at_gateway(UUID(subscription_id))


@platform_task("subscriptions.end_discount", atomic=False)
def end_discount(subscription_id: str) -> None:
    services.end_discount(UUID(subscription_id))
