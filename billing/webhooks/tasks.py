"""Doorbells of the inbox."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from billing.webhooks import working
from shared_apps.tenancy.jobs import platform_periodic, platform_task


@platform_task("webhooks.work", atomic=False)
def work(gateway: str, subject: str) -> None:
    working.work(gateway, subject)


@platform_periodic("webhooks.sweep", every=timedelta(minutes=1))
def sweep() -> None:
    working.sweep(timezone.now())
