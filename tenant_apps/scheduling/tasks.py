"""Making visits a rolling window ahead."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import periodic
from tenant_apps.scheduling import local, reminders, services

LABEL = _("Plan the visits of contracts")


@periodic("scheduling.generate_visits", work="indexed", next_due=services.next_generation, label=LABEL)
def generate_visits(now: datetime) -> dict[str, int]:
    """At 02:00 where the organization is, while a contract runs."""
    made = services.generate_visits(today=local.day_of(now), now=now)
    reminders.mark(now)
    return {"visits": made}
