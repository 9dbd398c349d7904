"""Doorbells of the inbox."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from billing import clock
from billing.webhooks import doubles, reconciliation, watchdog, working
from shared_apps.tenancy.jobs import platform_periodic, platform_task


@platform_task("webhooks.work", atomic=False)
def work(gateway: str, subject: str) -> None:
    working.work(gateway, subject)


@platform_task("webhooks.end_doubles", atomic=False)
def end_doubles(subscription_id: str) -> None:
    doubles.end_doubles(UUID(subscription_id))


@platform_periodic("webhooks.sweep", every=timedelta(minutes=1))
def sweep() -> None:
    working.sweep(timezone.now())


@platform_periodic("webhooks.reconcile", at="06:10", atomic=False)
def reconcile() -> None:
    """What webhooks never said, each night."""
    reconciliation.reconcile(now=clock.now())


@platform_periodic("webhooks.watch", every=timedelta(hours=1), atomic=False)
def watch() -> None:
    watchdog.watch(now=clock.now())
