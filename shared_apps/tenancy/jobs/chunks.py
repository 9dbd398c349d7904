"""Visiting the organizations of one chunk: each in a transaction of its own that also writes the ledger."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import due, registry, visiting
from shared_apps.tenancy.jobs.admission import NotReady, Refused, admit, record_refusal, routes_of
from shared_apps.tenancy.jobs.base import clean_exit
from shared_apps.tenancy.jobs.dispatcher import Visit
from shared_apps.tenancy.jobs.pending import describe
from shared_apps.tenancy.jobs.registry import Job
from shared_apps.tenancy.models import DueWork
from shared_apps.tenancy.routing import Route

logger = structlog.get_logger(__name__)

# Waits for another run of the same slot to end; yields nothing if that did it, or if the organization may not run.
START = """
INSERT INTO tenancy_jobrun AS r
       (schema_name, organization_id, job, slot, state, started_at, lateness, attempts, error, result)
SELECT o.schema_name, o.id, %(job)s, %(slot)s, 'running', %(started)s, %(lateness)s, 1, '', '{{}}'
  FROM {organizations} o
 WHERE o.schema_name = %(schema)s AND o.id = %(organization)s AND o.status = 'active'
    ON CONFLICT (schema_name, job, slot) DO UPDATE
   SET state = 'running', started_at = EXCLUDED.started_at, lateness = EXCLUDED.lateness, attempts = r.attempts + 1,
       error = ''
 WHERE r.state <> 'done'
RETURNING id
"""
FINISH = """
WITH advanced AS ({advance})
UPDATE tenancy_jobrun SET state = 'done', finished_at = %(finished)s, result = %(result)s::jsonb WHERE id = %(run)s
"""
FAIL = """
INSERT INTO tenancy_jobrun AS r
       (schema_name, organization_id, job, slot, state, started_at, finished_at, lateness, attempts, error, result)
VALUES (%(schema)s, %(organization)s, %(job)s, %(slot)s, 'failed', %(started)s, %(finished)s, %(lateness)s, 1,
        %(error)s, '{}')
    ON CONFLICT (schema_name, job, slot) DO UPDATE
   SET state = 'failed', started_at = EXCLUDED.started_at, finished_at = EXCLUDED.finished_at, error = EXCLUDED.error,
       attempts = r.attempts + 1
 WHERE r.state <> 'done'
"""


class Outcome(StrEnum):
    DONE = "done"
    REPEATED = "repeated"  # this slot was done before
    REFUSED = "refused"
    NOT_READY = "not ready"
    FAILED = "failed"


def run_chunk(job: str, visits: Iterable[Visit], *, now: datetime | None = None) -> Counter[Outcome]:
    """Run one job in each of these organizations; returns how it went. One that fails does not stop the rest.

    Given `now`, it stands for the clock.
    """
    declared, visits = registry.get(job), list(visits)
    routes = routes_of(visit.schema for visit in visits)
    outcomes: Counter[Outcome] = Counter()
    for visit in visits:
        outcomes[run_visit(declared, visit, routes.get(visit.schema), now or timezone.now())] += 1
    return outcomes


def run_visit(job: Job, visit: Visit, route: Route | None, now: datetime) -> Outcome:
    """Run a job for one slot of one organization, once."""
    began = time.perf_counter()
    try:
        route = admit(visit.schema, visit.organization_id, route)
        with clean_exit(), context.enter(route), transaction.atomic():
            run = start(job, visit, now)
            if run is None:
                return settle(job, visit, route, now)
            with visiting.of(job.name, now):
                result = job.function(now=now)
                finish(job, run, route, now, began, result)
        return Outcome.DONE
    except NotReady:
        return Outcome.NOT_READY  # the claim lapses; until then there is no use in trying
    except Refused as refusal:
        record_refusal(job.name, visit.schema, visit.organization_id, refusal.reason, now=now)
        return Outcome.REFUSED
    except Exception as error:
        logger.exception("job_failed", job=job.name, failed_schema=visit.schema)
        if route is not None:
            record_failure(job, visit, route, error, now, began)
        return Outcome.FAILED


def start(job: Job, visit: Visit, now: datetime) -> int | None:
    """Claim the slot in the ledger; returns the row's id. None: it was done already, or the organization may not."""
    query = START.format(organizations=connection.ops.quote_name(get_tenant_model()._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(query, _values(job, visit, now))
        row = cursor.fetchone()
        return row[0] if row else None


def finish(job: Job, run: int, route: Route, now: datetime, began: float, result: object = None) -> None:
    """Set the due row anew and close the ledger row with what the job says it did, in one statement."""
    if job.next_due:
        due.lock(job, route.schema)
    advance, values = due.advancing(job, route, due.following(job, route, now))
    with connection.cursor() as cursor:
        said = json.dumps(result if isinstance(result, dict) else {})
        values |= {"run": run, "finished": _finished(now, began), "result": said}
        cursor.execute(FINISH.format(advance=advance), values)


def settle(job: Job, visit: Visit, route: Route, now: datetime) -> Outcome:
    """Why the ledger gave no row. A due row that stands at a slot done before must not stay there."""
    admit(visit.schema, visit.organization_id, routes_of([visit.schema]).get(visit.schema))
    if DueWork.objects.filter(schema_name=visit.schema, job=job.name, slot=visit.slot).exists():
        due.advance(job, route, now)
    return Outcome.REPEATED


def record_failure(job: Job, visit: Visit, route: Route, error: Exception, now: datetime, began: float) -> None:
    values = {**_values(job, visit, now), "finished": _finished(now, began), "error": describe(error)}
    with context.public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FAIL, values)
        due.postpone(job, route, visit.slot, visit.attempts, now)


def _values(job: Job, visit: Visit, now: datetime) -> dict[str, Any]:
    return {
        "job": job.name,
        "schema": visit.schema,
        "organization": visit.organization_id,
        "slot": visit.slot,
        "started": now,
        "lateness": now - visit.due_at,
    }


def _finished(now: datetime, began: float) -> datetime:
    return now + timedelta(seconds=time.perf_counter() - began)
