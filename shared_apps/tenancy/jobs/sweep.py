"""The slow correction of the due index: ask each organization, and put right what no mark has said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django_tenants.utils import get_tenant_model

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import due, registry
from shared_apps.tenancy.jobs.admission import ACTIVE, NotReady, Refused, admit, routes_of
from shared_apps.tenancy.jobs.base import clean_exit
from shared_apps.tenancy.jobs.dispatcher import CHUNK, queue_of, share_of
from shared_apps.tenancy.jobs.queueing import publish
from shared_apps.tenancy.jobs.registry import Job
from shared_apps.tenancy.models import DueWork, JobRefusal, JobRun, PendingJob
from shared_apps.tenancy.routing import Route

logger = structlog.get_logger(__name__)

SWEEP_CHUNK = "tenancy.sweep_chunk"
FORGOTTEN = timedelta(days=7)  # a row of a job this code does not know may belong to code being rolled out
KEEP_RUNS = timedelta(days=30)
KEEP_TROUBLE = timedelta(days=90)


def send_sweep(now: datetime) -> int:
    """Send every active organization to be asked, in chunks by share; returns how many. Clears away orphans first."""
    with context.public():
        prune(now)
        by_share: dict[int, list[str]] = {}
        schemas = get_tenant_model().objects.filter(status=ACTIVE).order_by("schema_name")
        for schema in schemas.values_list("schema_name", flat=True):
            by_share.setdefault(share_of(schema), []).append(schema)
        for share, names in by_share.items():
            for start in range(0, len(names), CHUNK):
                message = {"arguments": {"schemas": names[start : start + CHUNK]}}
                publish(SWEEP_CHUNK, message, queue=queue_of(share))
    return sum(map(len, by_share.values()))


def sweep_chunk(schemas: Iterable[str], *, now: datetime) -> Counter[str]:
    """Correct the due rows of these organizations; returns how many, by job. A failure does not stop the rest."""
    corrected: Counter[str] = Counter()
    for schema, route in routes_of(schemas).items():
        for job in registry.visiting_jobs():
            try:
                admit(schema, route.organization_id, route)
                with clean_exit(), context.enter(route), transaction.atomic():
                    corrected[job.name] += correct(job, route, now)
            except (Refused, NotReady):
                break
            except Exception:
                logger.exception("sweep_failed", job=job.name, failed_schema=schema)
    if total := sum(corrected.values()):
        logger.warning("due_index_corrected", rows=total, jobs=dict(corrected))  # a mark is missing somewhere
    return +corrected


def correct(job: Job, route: Route, now: datetime) -> bool:
    """Whether the row had to be changed. What is claimed, about to run, or waits after a failure is left to its run."""
    due.lock(job, route.schema)
    row = DueWork.objects.filter(schema_name=route.schema, job=job.name).first()
    if row and (row.claimed_until or row.attempts or (job.schedule and row.slot <= now)):
        return False
    slot = due.following(job, route, now)
    if (row and row.due_at) == (slot and slot.due_at):
        return False
    if row and slot and row.due_at <= now >= slot.due_at:
        return False  # due either way
    due.advance(job, route, now)
    return True


def prune(now: datetime) -> int:
    """Remove due rows of organizations that are gone and of jobs that no code has declared for a while."""
    known = [job.name for job in registry.visiting_jobs()]
    there = get_tenant_model().objects.values("schema_name")
    gone = DueWork.objects.exclude(schema_name__in=there).delete()[0]
    return gone + DueWork.objects.exclude(job__in=known).filter(due_at__lt=now - FORGOTTEN).delete()[0]


def trim(now: datetime) -> int:
    """Remove old entries of the books; returns how many."""
    with context.public():
        runs = JobRun.objects.filter(started_at__lt=now - KEEP_RUNS)
        refusals = JobRefusal.objects.filter(at__lt=now - KEEP_TROUBLE)
        failed = PendingJob.objects.filter(failed_at__lt=now - KEEP_TROUBLE)
        return sum(rows.delete()[0] for rows in (runs, refusals, failed))
