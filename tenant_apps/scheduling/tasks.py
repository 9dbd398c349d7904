"""Making visits a rolling window ahead."""

from __future__ import annotations

from datetime import datetime

from shared_apps.tenancy.jobs import periodic
from tenant_apps.scheduling import local, services


@periodic("scheduling.generate_visits", work="indexed", next_due=services.next_generation)
def generate_visits(now: datetime) -> None:
    """At 02:00 where the organization is, while a contract runs."""
    services.generate_visits(today=local.day_of(now), now=now)
