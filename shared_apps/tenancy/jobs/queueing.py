"""Starting background work: a promise in the transaction, a message after its commit, a reminder if that got lost."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from shared_apps.core import bulk
from shared_apps.core.ids import uuid7
from shared_apps.tenancy import context, routing
from shared_apps.tenancy.jobs import lanes, registry
from shared_apps.tenancy.jobs.base import Envelope
from shared_apps.tenancy.jobs.registry import Kind
from shared_apps.tenancy.jobs.schedule import backoff
from shared_apps.tenancy.models import PendingJob

logger = structlog.get_logger(__name__)

REMIND_AFTER = timedelta(minutes=2)  # a message not worked off by then is sent again; then after 4, 8 ... minutes
REMIND_AT_LEAST = timedelta(hours=1)
# One more try, at once: the request that enqueued is waiting, and the promise is in the database anyway.
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


class NoOrganization(RuntimeError):
    """An organization's job was enqueued where no organization is active."""


def enqueue(name: str, /, **arguments: Any) -> UUID:
    """Have the job run soon, once this transaction has committed, in the organization that is active now.

    Returns the id of the promise, which is also the Celery task's. Arguments are JSON (a UUID becomes its text): pass
    ids, not objects. Raises UnknownJob, NoOrganization, or TypeError for arguments the job does not take. A broker that
    is away is no error: the job is sent when it is back.
    """
    job = registry.get(name)
    job.signature.bind(**arguments, **({"now": None} if job.takes_now else {}))
    promise = PendingJob(
        id=uuid7(),
        name=name,
        schema_name=context.PUBLIC,
        arguments=json.loads(json.dumps(arguments, default=_as_json)),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        queued_at=(now := timezone.now()),
        send_at=now + REMIND_AFTER,
    )
    if job.kind is Kind.ORGANIZATION:
        promise.schema_name, promise.organization_id = _organization(name)
    bulk.insert([promise])
    transaction.on_commit(partial(send, promise), robust=True)
    return promise.id


def send(promise: PendingJob) -> bool:
    """Hand a promised job to the broker. False: it is away; the reminder will find the promise."""
    envelope: Envelope = {
        "id": str(promise.id),
        "schema": promise.schema_name,
        "organization_id": str(promise.organization_id) if promise.organization_id else None,
        "request_id": promise.request_id,
    }
    try:
        message = {"envelope": envelope, "arguments": promise.arguments}
        publish(promise.name, message, task_id=str(promise.id), **lanes.options())
    except BrokerAway as error:
        logger.warning("job_not_sent", job=promise.name, job_id=str(promise.id), error=str(error))
        return False
    return True


def publish(name: str, message: dict[str, Any], **options: Any) -> None:
    """Send a message for a job now. Raises kombu's OperationalError when the broker is away."""
    current_app.tasks[name].apply_async(kwargs=message, retry=True, retry_policy=RETRY_POLICY, **options)


def remind(*, now: datetime, limit: int = 1000) -> int:
    """Send promised jobs again that nobody has done in time; returns how many. A job that runs right now is locked."""
    with context.public():
        with transaction.atomic():
            late = list(
                PendingJob.objects.select_for_update(skip_locked=True)
                .filter(failed_at=None, send_at__lte=now)
                .order_by("send_at")[:limit]
            )
            for promise in late:
                wait = backoff(promise.sends + 1, first=REMIND_AFTER, longest=REMIND_AT_LEAST)
                promise.send_at, promise.sends = now + wait, min(promise.sends + 1, 1000)
            PendingJob.objects.bulk_update(late, ["send_at", "sends"])
        sent = 0
        for promise in late:
            if not send(promise):
                break
            sent += 1
    return sent


def retry(job_id: UUID, *, now: datetime) -> bool:
    """Send a job again that was given up. False: there is none of this id."""
    with context.public():
        buried = PendingJob.objects.filter(pk=job_id).exclude(failed_at=None)
        if not buried.update(failed_at=None, error="", losses=0, sends=F("sends") + 1, send_at=now + REMIND_AFTER):
            return False
        transaction.on_commit(partial(send, PendingJob.objects.get(pk=job_id)), robust=True)
        return True


def _organization(name: str) -> tuple[str, UUID]:
    active = context.active()
    if active.is_public:
        raise NoOrganization(f"{name} is an organization's job: enqueue it inside tenancy.enter(organization).")
    if active.organization_id:
        return active.schema, active.organization_id
    route = routing.by_schema(active.schema)
    if route is None:
        raise NoOrganization(f"{name}: the schema {active.schema} is no organization's.")
    return active.schema, route.organization_id


def _as_json(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(
        f"A job takes JSON and UUIDs, not {type(value).__name__}. Pass the id and load the rest in the job."
    )
