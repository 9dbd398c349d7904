"""From due rows to messages: one indexed query claims them, then they go out in chunks."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model
from kombu.exceptions import OperationalError as BrokerAway

from shared_apps.tenancy import context, locks
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.jobs import due, registry
from shared_apps.tenancy.jobs.lanes import VISITS
from shared_apps.tenancy.jobs.queueing import publish

logger = structlog.get_logger(__name__)

RUN_CHUNK = "tenancy.run_chunk"
LEASE = timedelta(minutes=15)  # after it a claimed row counts as lost with its worker
BATCH = 1000  # rows claimed in one transaction
CHUNK = 50  # organizations in one message
LOCK = "dispatch"  # two dispatchers at once could claim more for an organization than is allowed

# `d.due_at` alone finds the rows; what is in flight and who is ready only ever drops some of the few that are due.
CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT d.id, d.schema_name, d.due_at, d.claimed_until IS NOT NULL AS lost,
           (SELECT count(*) FROM tenancy_duework f
             WHERE f.schema_name = d.schema_name AND f.claimed_until > %(now)s) AS in_flight
      FROM tenancy_duework d
      JOIN tenancy_schema s ON s.name = d.schema_name AND s.state = 'ready' AND s.head = %(head)s
      JOIN {organizations} o ON o.schema_name = d.schema_name AND o.id = d.organization_id AND o.status = 'active'
     WHERE d.due_at <= %(now)s AND (d.claimed_until IS NULL OR d.claimed_until <= %(now)s)
       AND d.job = ANY(%(jobs)s)
       AND (SELECT count(*) FROM tenancy_duework f
             WHERE f.schema_name = d.schema_name AND f.claimed_until > %(now)s) < %(most)s
     ORDER BY d.due_at
     LIMIT %(batch)s
       FOR UPDATE OF d SKIP LOCKED
), ranked AS (
    SELECT id, lost, in_flight + row_number() OVER (PARTITION BY schema_name ORDER BY due_at, id) AS place FROM picked
)
UPDATE tenancy_duework d
   SET claimed_until = %(until)s, attempts = d.attempts + 1
  FROM ranked r
 WHERE r.id = d.id AND r.place <= %(most)s
RETURNING d.job, r.lost, d.schema_name, d.organization_id, d.slot, d.due_at, d.attempts
"""


class Visit(NamedTuple):
    """One organization's run of a job: for which slot, since when it is due, the how-manieth try."""

    schema: str
    organization_id: UUID
    slot: datetime
    due_at: datetime
    attempts: int = 1

    def as_message(self) -> list[str | int]:
        return [
            self.schema, str(self.organization_id), self.slot.isoformat(), self.due_at.isoformat(), self.attempts
        ]  # fmt: skip

    @classmethod
    def from_message(cls, message: list[str | int]) -> Visit:
        schema, organization_id, slot, due_at, attempts = message
        return cls(
            str(schema),
            UUID(str(organization_id)),
            datetime.fromisoformat(str(slot)),
            datetime.fromisoformat(str(due_at)),
            int(attempts),
        )


class Claim(NamedTuple):
    """A due row that is ours now. `lost`: it was another's, who did not come back."""

    job: str
    lost: bool
    visit: Visit


def dispatch(now: datetime | None = None) -> int:
    """Send out everything that is due; returns how many runs. Nothing while another dispatcher is at it.

    Given `now`, the runs take it for the time as well. When the broker is away the claims are given back.
    """
    moment = now or timezone.now()
    sent = 0
    with context.public():
        while claimed := claim(moment):
            for job, share, visits in chunks(claimed):
                message = {"job": job, "visits": [visit.as_message() for visit in visits]}
                if now is not None:
                    message["now"] = now.isoformat()
                try:
                    publish(RUN_CHUNK, {"arguments": message}, queue=queue_of(share))
                except BrokerAway:
                    give_back(claimed)
                    raise
                sent += len(visits)
    if sent:
        logger.info("jobs_dispatched", runs=sent)
    return sent


def claim(now: datetime) -> list[Claim]:
    """Claim up to BATCH due rows. In public."""
    query = CLAIM.format(organizations=connection.ops.quote_name(get_tenant_model()._meta.db_table))
    values = {
        "now": now,
        "until": now + LEASE,
        "head": current_head(),
        "jobs": [job.name for job in registry.visiting_jobs()],
        "most": settings.TENANCY_JOBS_IN_FLIGHT,
        "batch": BATCH,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if not locks.try_take(LOCK):
            return []
        cursor.execute(query, values)
        claims = [Claim(job, lost, Visit(*rest)) for job, lost, *rest in cursor.fetchall()]
    return sorted(claims, key=lambda claim: claim.visit.due_at)  # who has waited longest goes first


def give_back(claimed: Iterable[Claim]) -> None:
    """The broker is away: what was claimed may be claimed again at once. What was sent already still runs once."""
    schemas = defaultdict(list)
    for job, _lost, visit in claimed:
        schemas[job].append(visit.schema)
    for job, names in schemas.items():
        due.release(job, names)


def chunks(claimed: Iterable[Claim]) -> Iterator[tuple[str, int, list[Visit]]]:
    """Group by job and share, at most CHUNK to a message. What was lost goes alone: it may have killed its worker."""
    groups: dict[tuple[str, int, str], list[Visit]] = defaultdict(list)
    for job, lost, visit in claimed:
        groups[job, share_of(visit.schema), visit.schema if lost else ""].append(visit)
    for (job, share, _alone), visits in groups.items():
        for start in range(0, len(visits), CHUNK):
            yield job, share, visits[start : start + CHUNK]


def share_of(schema: str) -> int:
    """The share of the organizations a schema belongs to, the same in every process."""
    return zlib.crc32(schema.encode()) % settings.TENANCY_JOB_SHARES


def queue_of(share: int) -> str:
    return f"{VISITS}{share}"
