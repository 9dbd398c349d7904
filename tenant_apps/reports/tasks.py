"""What makes reports in the background, sends the monthly ones and clears old files away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import organization_task, periodic
from tenant_apps.reports import services


@organization_task("reports.make", atomic=False)
def make(run_id: str, language: str = "") -> None:
    services.fill_run(UUID(run_id), language=language, now=timezone.now())


@periodic("reports.send_monthly", work="indexed", next_due=services.next_sending, label=_("Send monthly reports"))
def send_monthly(now: datetime) -> dict[str, int]:
    return {"reports": services.send_due(now=now)}


@periodic("reports.expire", work="indexed", next_due=services.next_expiry, label=_("Remove expired reports"))
def expire(now: datetime) -> dict[str, int]:
    return {"reports": services.expire(now=now)}
