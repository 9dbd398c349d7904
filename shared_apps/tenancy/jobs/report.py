"""How the jobs stand, for people: read by `manage.py jobs` and, later, by the console."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import registry
from shared_apps.tenancy.jobs.registry import Job, Kind
from shared_apps.tenancy.jobs.schedule import Daily, Every
from shared_apps.tenancy.models import DueWork, JobRefusal, JobRun, PendingJob


@dataclass(frozen=True, slots=True)
class Standing:
    """One periodic job in one organization. `lateness` is of the last run, in seconds."""

    schema: str
    job: str
    due_at: datetime | None
    running: bool
    last_success: datetime | None
    state: str  # of the last run; empty: none yet
    lateness: float | None
    error: str
    result: dict[str, Any]  # what the last run said it did


@dataclass(frozen=True, slots=True)
class Trouble:
    """Promised jobs that wait or were given up, and refusals on record."""

    waiting: int
    failed: list[tuple[UUID, str, str, str]]  # id, job, schema, error
    refused: int


def when(job: Job) -> str:
    """The job's schedule in words."""
    if job.next_due is not None:
        return "when due"
    if isinstance(job.schedule, Daily):
        return f"at {job.schedule.at:%H:%M} " + ("UTC" if job.kind is Kind.PLATFORM else "local time")
    return f"every {job.schedule.interval}" if isinstance(job.schedule, Every) else "on demand"


def standings(schema: str | None = None, *, now: datetime) -> list[Standing]:
    """Every periodic job of one organization, or of all that have a row or a run."""
    with context.public():
        rows = DueWork.objects.all() if schema is None else DueWork.objects.filter(schema_name=schema)
        runs = JobRun.objects.all() if schema is None else JobRun.objects.filter(schema_name=schema)
        due = {(row.schema_name, row.job): row for row in rows}
        last = {
            (run.schema_name, run.job): run
            for run in runs.order_by("schema_name", "job", "-started_at").distinct("schema_name", "job")
        }
        done = runs.filter(state=JobRun.State.DONE).values_list("schema_name", "job").annotate(at=Max("finished_at"))
        success = {(name, job): at for name, job, at in done}
    keys = set(due) | set(last)
    if schema is not None:
        keys |= {(schema, job.name) for job in registry.visiting_jobs()}
    return [_standing(key, due.get(key), last.get(key), success.get(key), now) for key in sorted(keys)]


def _standing(
    key: tuple[str, str], row: DueWork | None, run: JobRun | None, success: datetime | None, now: datetime
) -> Standing:
    return Standing(
        *key,
        due_at=row.due_at if row else None,
        running=bool(row and row.claimed_until and row.claimed_until > now),
        last_success=success,
        state=run.state if run else "",
        lateness=run.lateness.total_seconds() if run else None,
        error=run.error if run else "",
        result=run.result if run else {},
    )


def latest_runs(schema: str, jobs: Collection[str], *, most: int) -> list[JobRun]:
    """The organization's last runs of these jobs, newest first."""
    with context.public():
        return list(JobRun.objects.filter(schema_name=schema, job__in=list(jobs)).order_by("-started_at")[:most])


def trouble(schema: str | None = None) -> Trouble:
    with context.public():
        pending, refusals = PendingJob.objects.all(), JobRefusal.objects.all()
        if schema is not None:
            pending, refusals = pending.filter(schema_name=schema), refusals.filter(schema_name=schema)
        failed = pending.exclude(failed_at=None).order_by("failed_at")
        return Trouble(
            waiting=pending.filter(failed_at=None).count(),
            failed=list(failed.values_list("pk", "name", "schema_name", "error")),
            refused=refusals.count(),
        )
