"""The worker's side of a promised job: taken up, done, lost with its worker, or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from shared_apps.core.prepared import Given, prepared
from shared_apps.tenancy import context
from shared_apps.tenancy.models import PendingJob

MOST_LOSSES = 5  # workers one job may kill


def take(job_id: str) -> bool:
    """Remove the promise in the transaction that keeps it. False: it was kept already, or another worker is at it."""
    waiting = PendingJob.objects.select_for_update(skip_locked=True).filter(pk=job_id, failed_at=None)
    return PendingJob.objects.filter(pk__in=waiting.values("pk")).delete()[0] > 0


def is_waiting(job_id: str) -> bool:
    return bool(_waiting(job_id=UUID(job_id)))


@prepared
def _waiting(job_id: Given) -> QuerySet[PendingJob, Any]:
    return PendingJob.objects.filter(pk=job_id, failed_at=None).values_list("pk")


def drop(job_id: str) -> None:
    with context.public():
        PendingJob.objects.filter(pk=job_id).delete()


def postpone(job_id: str, until: datetime) -> None:
    """Have the job sent again then."""
    with context.public():
        PendingJob.objects.filter(pk=job_id).update(send_at=until)


def bury(job_id: str, error: BaseException, *, now: datetime) -> None:
    """Keep the job with its error. Only a person sends it again (`manage.py jobs retry`)."""
    with context.public():
        PendingJob.objects.filter(pk=job_id).update(failed_at=now, error=describe(error))


def lost_too_often(job_id: str, *, now: datetime) -> bool:
    """Count a worker that died of this job; after MOST_LOSSES the job is buried, or it would kill them for ever.

    A job whose row is locked is being done: it was only slow, and nobody waits for it here.
    """
    with context.public(), transaction.atomic():
        if not PendingJob.objects.select_for_update(skip_locked=True).filter(pk=job_id).exists():
            return False
        PendingJob.objects.filter(pk=job_id).update(losses=F("losses") + 1)
        return bool(
            PendingJob.objects.filter(pk=job_id, losses__gt=MOST_LOSSES, failed_at=None).update(
                failed_at=now, error=f"{MOST_LOSSES} workers were lost while they ran it"
            )
        )


def describe(error: BaseException) -> str:
    """The error as the books keep it: its type and what it says, without the traceback (the log has that)."""
    return f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
