"""The clock of subscriptions, and what must reach a gateway sooner or later."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from billing.subscriptions import services
from shared_apps.core.errors import DomainError
from shared_apps.tenancy.jobs import platform_periodic, platform_task


@platform_periodic("subscriptions.tick", every=timedelta(minutes=1), atomic=False)
def tick() -> None:
    """Trials that end, dunning that goes on, changes that begin."""
    services.tick_due()


@platform_task("subscriptions.end_at_gateway", atomic=False)
def end_at_gateway(subscription_id: str) -> None:
    services.end_at_gateway(UUID(subscription_id))


@platform_task("subscriptions.follow_members", atomic=False)
def follow_members(organization_id: str) -> None:
    with suppress(DomainError):  # not now: each night looks again
        services.follow_members(UUID(organization_id))


@platform_periodic("subscriptions.follow_everywhere", at="05:40", atomic=False)
def follow_everywhere() -> None:
    """Plans that charge for each member, where somebody came or left and it could not be changed then."""
    services.follow_everywhere()


@platform_task("subscriptions.end_discount", atomic=False)
def end_discount(subscription_id: str) -> None:
    services.end_discount(UUID(subscription_id))
