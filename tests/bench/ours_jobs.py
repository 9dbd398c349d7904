"""The daily job of the comparison: visit an organization and do what is due there."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from shared_apps.tenancy.jobs import periodic
from tenant_apps.clients.models import Client

DAILY = "bench.daily"


def _next_due() -> datetime | None:
    return timezone.now() if Client.objects.filter(notes="due").exists() else None


@periodic(DAILY, work="indexed", next_due=_next_due)
def daily(*, now: datetime) -> None:
    Client.objects.filter(notes="due").update(notes="done")
