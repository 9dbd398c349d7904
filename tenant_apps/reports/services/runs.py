"""Reports made in the background: what was ordered, how far it is, and who may take it."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import get_language

from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.activity import services as activity
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue import REPORTS
from tenant_apps.reports.models import Run
from tenant_apps.reports.services.files import Order, write_file
from tenant_apps.team.models import Member

KEEP, KEEP_MONTHLY = timedelta(days=2), timedelta(days=40)
HOUR = 3600
State = Run.State


@transaction.atomic
def order_run(order: Order, *, actor: Member | None, now: datetime, keep: timedelta = KEEP) -> Run:
    """Have a report made in the background, in the language that is active."""
    run = Run.objects.create(
        report=order.report.key,
        filters=order.asked.as_json(),
        format=order.format,
        rows=order.count(),
        by=actor,
        expires_at=now + keep,
    )
    due.mark("reports.expire", now + keep)
    enqueue("reports.make", run_id=run.pk, language=get_language() or "")
    return run


def fill_run(run_id: UUID, *, language: str, now: datetime) -> None:
    """Make the file that was ordered. Safe to run twice: the second finds it done, or makes it anew."""
    if not Run.objects.filter(pk=run_id, state__in=[State.WAITING, State.RUNNING]).update(state=State.RUNNING):
        return
    run = Run.objects.select_related("by").get(pk=run_id)
    try:
        _fill(run, language, now)
    except Exception:
        Run.objects.filter(pk=run_id).update(state=State.FAILED, finished_at=now)
        raise


def _fill(run: Run, language: str, now: datetime) -> None:
    with current.own_words(language):
        order = order_of(run)
        with tempfile.TemporaryFile() as target:
            write_file(order, target, now=now, tell=lambda number: _tell(run.pk, number))
            size = target.tell()
            target.seek(0)
            path = default_storage.save(f"reports/{uuid7()}/{order.file_name}", File(target))
    cache.delete(_key(run.pk))
    values: dict[str, Any] = {"file": path, "size": size, "written": run.rows, "finished_at": now}
    if not Run.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.DONE, **values):
        default_storage.delete(path)
        return
    activity.record(run.by, "report.made", run, after={"report": run.report, "rows": run.rows, "format": run.format})


def order_of(run: Run) -> Order:
    report = REPORTS[run.report]
    return Order(report, Asked.read(run.filters, report.statuses), run.format)


def may_read(run: Run, member: Member) -> bool:
    """Who ordered it; of what the system made, everybody who may read such a report now."""
    report = REPORTS.get(run.report)
    allowed = (
        report is not None and allows(member.role, Permission.REPORTS_VIEW) and allows(member.role, report.permission)
    )
    return allowed and run.by_id in (None, member.pk)


def progress_of(run: Run) -> int:
    """Rows done so far."""
    return int(cache.get(_key(run.pk), 0)) if run.state == State.RUNNING else run.written


def _tell(pk: UUID, number: int) -> None:
    cache.set(_key(pk), number, HOUR)


def _key(pk: UUID) -> str:
    return f"reports.progress.{pk}"
