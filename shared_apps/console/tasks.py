"""The platform's figures, every hour."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shared_apps.console import figures
from shared_apps.tenancy.jobs import platform_periodic


@platform_periodic("console.roll_up", every=timedelta(hours=1))
def roll_up() -> None:
    figures.roll_up(now=timezone.now())
