"""The due index: which organization has what to do, known in public without visiting it.

A row that comes due is written in the transaction of the tenant row that makes it due (`mark`), and set anew in the
transaction of each run (`advance`). Neither can miss the other: a run locks its row *before* it asks the organization
what is left, so it waits for marks that have not committed, and later marks wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django_tenants.utils import get_tenant_model

from shared_apps.tenancy import routing
from shared_apps.tenancy.jobs import registry
from shared_apps.tenancy.jobs.admission import ACTIVE
from shared_apps.tenancy.jobs.queueing import NoOrganization
from shared_apps.tenancy.jobs.registry import Job
from shared_apps.tenancy.jobs.schedule import Slot, backoff, next_slot
from shared_apps.tenancy.models import DueWork
from shared_apps.tenancy.routing import Route

# A row due in a while, earlier than the mark, says enough: it is neither written nor locked. So members who book at the
# same time do not wait for each other. Far longer than a request's transaction, which the run must not overtake.
SOON = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=6)

MARK = """
INSERT INTO tenancy_duework AS d (schema_name, organization_id, job, due_at, slot, attempts)
SELECT %(schema)s, %(organization)s, %(job)s, %(at)s, %(at)s, 0
 WHERE NOT EXISTS (
       SELECT 1 FROM tenancy_duework
        WHERE schema_name = %(schema)s AND job = %(job)s
          AND due_at <= %(at)s AND due_at > clock_timestamp() + %(soon)s AND claimed_until IS NULL)
    ON CONFLICT (schema_name, job) DO UPDATE
   SET due_at = EXCLUDED.due_at, slot = EXCLUDED.slot, attempts = 0
 WHERE d.due_at > EXCLUDED.due_at
"""
# The first statement of an upsert's ON CONFLICT locks the row even where its WHERE says no: that is what `mark` and
# `advance` exclude each other by.
ADVANCE = """
INSERT INTO tenancy_duework AS d (schema_name, organization_id, job, due_at, slot, attempts)
VALUES (%(schema)s, %(organization)s, %(job)s, %(due_at)s, %(slot)s, 0)
    ON CONFLICT (schema_name, job) DO UPDATE
   SET due_at = EXCLUDED.due_at, slot = EXCLUDED.slot, organization_id = EXCLUDED.organization_id,
       claimed_until = NULL, attempts = 0
"""
REMOVE = "DELETE FROM tenancy_duework WHERE schema_name = %(schema)s AND job = %(job)s"
LOCK = "SELECT 1 FROM tenancy_duework WHERE schema_name = %s AND job = %s FOR UPDATE"


def mark(job: str, at: datetime) -> None:
    """The active organization has work for this indexed job at `at` (aware). Call it in the row's own transaction.

    The earliest mark counts. One statement; none of it is written when an earlier one stands.
    """
    if registry.get(job).next_due is None:
        raise ValueError(f"{job} is not an indexed job: it goes to every organization anyway.")
    route = routing.of_active()
    if route is None:
        raise NoOrganization(f"{job}: mark it due inside tenancy.enter(organization).")
    values: dict[str, Any] = {
        "schema": route.schema,
        "organization": route.organization_id,
        "job": job,
        "at": at,
        "soon": SOON,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)


def lock(job: Job, schema: str) -> None:
    """Wait for marks that have not committed and keep further ones waiting. Nothing to wait for: nothing locked."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [schema, job.name])


def following(job: Job, route: Route, now: datetime) -> Slot | None:
    """When the job must run next in this organization, inside which it is called; None: not before the next mark."""
    if job.schedule is not None:
        return next_slot(job.schedule, now, timezone=route.timezone, schema=route.schema, job=job.name)
    at = job.due_after(now)
    if at is None:
        return None
    at = max(at, now)  # work left over gets a slot of its own, or the ledger would say that it was done
    return Slot(at, at)


def advancing(job: Job, route: Route, slot: Slot | None) -> tuple[str, dict[str, Any]]:
    """The statement that sets the row to the next slot or removes it, and its parameters."""
    values: dict[str, Any] = {"schema": route.schema, "organization": route.organization_id, "job": job.name}
    if slot is None:
        return REMOVE, values
    return ADVANCE, {**values, "slot": slot.at, "due_at": slot.due_at}


def advance(job: Job, route: Route, now: datetime) -> None:
    """Set the row anew, after a run. Inside the organization, in the run's transaction."""
    if job.next_due:
        lock(job, route.schema)
    with connection.cursor() as cursor:
        cursor.execute(*advancing(job, route, following(job, route, now)))


def postpone(job: Job, route: Route, slot: datetime, attempts: int, now: datetime) -> None:
    """After a failure: the same slot again after a pause, or the next slot if that comes first."""
    pause = now + backoff(attempts, first=FIRST_RETRY, longest=LAST_RETRY)
    row = DueWork.objects.filter(schema_name=route.schema, job=job.name, slot=slot)
    if job.schedule is not None:
        upcoming = next_slot(job.schedule, now, timezone=route.timezone, schema=route.schema, job=job.name)
        if upcoming.due_at <= pause:
            row.update(slot=upcoming.at, due_at=upcoming.due_at, claimed_until=None)
            return
    row.update(due_at=pause, claimed_until=None)


def release(job: str, schemas: Iterable[str]) -> None:
    """Give claimed rows back as if nobody had claimed them."""
    DueWork.objects.filter(job=job, schema_name__in=list(schemas)).update(
        claimed_until=None, attempts=Greatest(F("attempts") - 1, 0)
    )


def bring_forward(job: str, schema: str, now: datetime) -> bool:
    """Have the dispatcher take the job there at once, for a slot of its own. False: it has no row there, or runs."""
    row = DueWork.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), schema_name=schema, job=job)
    return bool(row.update(slot=now, due_at=now, claimed_until=None, attempts=0))


def fill(now: datetime) -> int:
    """Give each active organization its row for each job that goes to all; returns how many were missing."""
    made = 0
    tenants = get_tenant_model().objects.filter(status=ACTIVE)
    for job in registry.visiting_jobs():
        if job.schedule is None:
            continue
        have = DueWork.objects.filter(job=job.name).values("schema_name")
        missing = tenants.exclude(schema_name__in=have).values_list("schema_name", "pk", "timezone")
        rows = []
        for schema, organization_id, timezone in missing.iterator():
            slot = next_slot(job.schedule, now, timezone=timezone, schema=schema, job=job.name)
            rows.append(
                DueWork(
                    schema_name=schema, organization_id=organization_id, job=job.name, slot=slot.at, due_at=slot.due_at
                )
            )
        made += len(DueWork.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True))
    return made
