"""The Celery side of a job: it goes into the organization itself, and comes out clean.

Not by a signal: Celery logs and swallows what a receiver raises, and the task would run on, in whatever schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NotRequired, TypedDict
from uuid import UUID

import structlog
from celery import Task
from celery.utils.time import get_exponential_backoff_interval
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from psycopg.pq import TransactionStatus

from shared_apps.tenancy import context
from shared_apps.tenancy.context import PUBLIC
from shared_apps.tenancy.jobs import lanes, pending
from shared_apps.tenancy.jobs.admission import NotReady, Refused, admit, record_refusal, routes_of

if TYPE_CHECKING:
    from shared_apps.tenancy.jobs.registry import Job

logger = structlog.get_logger(__name__)

TRANSIENT = (OperationalError, InterfaceError)  # the server went away, a deadlock, a lock or statement timeout
PATIENCE = timedelta(minutes=1)  # between looks at an organization that is not ready


class Envelope(TypedDict):
    """What travels with the arguments. `id` is that of the PendingJob; messages of beat and of ourselves have none."""

    id: NotRequired[str]
    schema: NotRequired[str]
    organization_id: NotRequired[str | None]
    request_id: NotRequired[str]


class LeftOpen(AssertionError):
    """A job ended with a transaction open or another schema active than before."""


class JobTask(Task):
    """Runs one message of a declared job. A transient error is tried again; any other ends the job, visibly."""

    abstract = True
    typing = False
    max_retries = 8
    job: ClassVar[Job]

    def __call__(self, envelope: Envelope | None = None, arguments: dict[str, Any] | None = None) -> None:
        envelope = envelope or {}
        request_id = envelope.get("request_id") or None
        with (
            structlog.contextvars.bound_contextvars(
                job=self.name, **({"request_id": request_id} if request_id else {})
            ),
            lanes.of(self.request.delivery_info),
        ):
            self.attempt(envelope, arguments or {})

    def attempt(self, envelope: Envelope, arguments: dict[str, Any]) -> None:
        """Run it; decide what an error means."""
        job_id = envelope.get("id")
        if job_id and self.was_redelivered and pending.lost_too_often(job_id, now=timezone.now()):
            logger.error("job_given_up", reason="workers lost")
            return
        try:
            with clean_exit():
                self.perform(envelope, arguments)
        except Refused as refusal:
            self.refuse(envelope, refusal)
        except NotReady as error:
            logger.info("job_postponed", reason=str(error))
            if job_id:
                pending.postpone(job_id, timezone.now() + PATIENCE)
        except TRANSIENT as error:
            if self.request.retries >= self.max_retries:
                self.give_up(envelope, error)
                raise
            wait = get_exponential_backoff_interval(1, self.request.retries, maximum=300, full_jitter=True)
            raise self.retry(exc=error, countdown=wait) from error
        except Exception as error:
            self.give_up(envelope, error)
            raise

    def perform(self, envelope: Envelope, arguments: dict[str, Any]) -> None:
        """Enter the right schema and do the job there. Raises Refused, NotReady, or what the job raises."""
        raise NotImplementedError

    def do(self, envelope: Envelope, arguments: dict[str, Any]) -> None:
        """Do the job in the schema that is active, at most once where it is atomic."""
        job_id = envelope.get("id")
        if self.job.takes_now:
            arguments = {**arguments, "now": timezone.now()}
        if not self.job.atomic:
            if job_id is None or pending.is_waiting(job_id):
                self.run(**arguments)
                if job_id:
                    pending.drop(job_id)
            return
        with transaction.atomic():
            if job_id is None or pending.take(job_id):
                self.run(**arguments)

    @property
    def was_redelivered(self) -> bool:
        return bool((self.request.delivery_info or {}).get("redelivered"))

    def refuse(self, envelope: Envelope, refusal: Refused) -> None:
        organization_id = envelope.get("organization_id")
        record_refusal(
            self.name,
            envelope.get("schema", ""),
            UUID(organization_id) if organization_id else None,
            refusal.reason,
            now=timezone.now(),
        )
        if job_id := envelope.get("id"):
            pending.drop(job_id)

    def give_up(self, envelope: Envelope, error: Exception) -> None:
        logger.error("job_failed", exc_info=error)
        if job_id := envelope.get("id"):
            pending.bury(job_id, error, now=timezone.now())


class OrganizationTask(JobTask):
    """Runs in the schema the message names, if that is still the same, active organization's."""

    abstract = True

    def perform(self, envelope: Envelope, arguments: dict[str, Any]) -> None:
        schema, organization_id = envelope.get("schema"), envelope.get("organization_id")
        if not schema or not organization_id or schema == PUBLIC:
            raise Refused("names no organization")
        route = admit(schema, UUID(organization_id), routes_of([schema]).get(schema))
        with context.enter(route):
            self.do(envelope, arguments)


class PlatformTask(JobTask):
    """Runs in public, whoever enqueued it."""

    abstract = True

    def perform(self, envelope: Envelope, arguments: dict[str, Any]) -> None:
        with context.public():
            self.do(envelope, arguments)


@contextmanager
def clean_exit() -> Iterator[None]:
    """Assert that the block leaves the context and the connection as it found them. Raises LeftOpen.

    What it finds wrong it also puts right: the next job must not pay for this one. A connection that has served too
    many schemas is closed on the way in and out, and one that died is found out before it is used.
    """
    before, nested = context.active_or_none(), connection.in_atomic_block
    with nullcontext() if nested else _fresh_connection():
        try:
            yield
        finally:
            wrong = _set_right(before, nested)
    if wrong:
        raise LeftOpen(wrong)


def _set_right(before: context.Active | None, nested: bool) -> str:
    """Restore what a job left behind; returns what that was, or nothing."""
    wrong = []
    if context.active_or_none() is not before:
        wrong.append(f"active: {context.active_or_none()}")
        context.choose(before)
    if not nested and connection.connection is not None:
        status = connection.connection.info.transaction_status
        if connection.in_atomic_block or status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
            wrong.append(f"transaction: {status.name}")
            connection.close()
    if wrong:
        logger.critical("job_left_open", found=wrong)
    return ", ".join(wrong)


@contextmanager
def _fresh_connection() -> Iterator[None]:
    connection.close_if_unusable_or_obsolete()
    try:
        yield
    finally:
        connection.close_if_unusable_or_obsolete()
