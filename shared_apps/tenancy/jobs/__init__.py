"""Background work. `enqueue()` is the only way to start it; the dispatcher starts what is due.

@organization_task("clients.welcome")           enqueue("clients.welcome", client_id=client.pk)
@platform_task("billing.fetch_event")           enqueue("billing.fetch_event", event_id=event.pk)
@periodic("reports.nightly", at="02:00")        in each organization's own time zone
@periodic("x.expire", work="indexed", next_due=first_expiry)    due.mark("x.expire", row.expires_at)
@platform_periodic("tenancy.dispatch", every=timedelta(minutes=1))
"""

from shared_apps.tenancy.jobs import due
from shared_apps.tenancy.jobs.chunks import run_chunk
from shared_apps.tenancy.jobs.daily import next_daily
from shared_apps.tenancy.jobs.dispatcher import Visit, dispatch
from shared_apps.tenancy.jobs.queueing import NoOrganization, enqueue
from shared_apps.tenancy.jobs.registry import (
    UnknownJob,
    all_jobs,
    organization_task,
    periodic,
    platform_periodic,
    platform_task,
)

__all__ = [
    "NoOrganization",
    "UnknownJob",
    "Visit",
    "all_jobs",
    "dispatch",
    "due",
    "enqueue",
    "next_daily",
    "organization_task",
    "periodic",
    "platform_periodic",
    "platform_task",
    "run_chunk",
]
