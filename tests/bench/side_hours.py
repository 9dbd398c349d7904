"""The mornings of a thousand organizations, of which a few have somebody to remind, asked of Colmeia's process."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from typing import Any

from celery import Celery
from django.db import connection, transaction
from django.utils import timezone

from shared_apps.tenancy import context, routing
from shared_apps.tenancy.models import DueWork, JobRun, PendingJob
from tests.bench import side_ours

REMIND_OF_VISITS, REMIND_OF_MONEY = "scheduling.remind_tomorrow", "finance.remind"
HOURS = {REMIND_OF_VISITS: clock(6), REMIND_OF_MONEY: clock(7)}


def prepare(names: list[str], busy: list[str]) -> None:
    """Organizations; the busy ones have a client."""
    side_ours.organizations(names)
    for schema in busy:
        with context.enter(routing.by_schema(schema)), connection.cursor() as cursor:
            cursor.execute(side_ours.CLIENTS, {"clients": 1})


def fill(job: str, busy: list[str], days: int) -> list[str]:
    """Something to remind of on each of so many days; returns the moments at which this job is due on them."""
    from tenant_apps.finance import reminders as money
    from tenant_apps.scheduling import local, reminders

    DueWork.objects.all().delete()  # what is due is what is marked now
    now = timezone.now()
    first = now.date() + timedelta(days=30)
    coming = [first + timedelta(days=n) for n in range(days)]
    for schema in busy:
        with context.enter(routing.by_schema(schema)), transaction.atomic():
            for day in coming:
                (_visit if job == REMIND_OF_VISITS else _entry)(day)
            (reminders.mark if job == REMIND_OF_VISITS else money.mark_next)(now)
    with context.enter(routing.by_schema(busy[0])):
        return [local.moment(day, HOURS[job]).isoformat() for day in coming]


def _visit(day: date) -> None:
    from tenant_apps.clients.models import Client
    from tenant_apps.scheduling import local
    from tenant_apps.scheduling.models import Appointment

    start = local.moment(day + timedelta(days=1), clock(9))
    Appointment.objects.create(client=Client.objects.get(), starts_at=start, ends_at=start + timedelta(hours=1))


def _entry(day: date) -> None:
    from tenant_apps.clients.models import Client
    from tenant_apps.finance.models import Entry

    Entry.objects.create(
        client=Client.objects.get(), description="Mensal", amount=Decimal(100), issued_on=day, due_on=day
    )


def dispatch(at: str) -> int:
    from shared_apps.tenancy.jobs import dispatch as send_out

    return send_out(datetime.fromisoformat(at))


def done(job: str, at: str) -> int:
    """How many organizations the ledger says were visited at that time."""
    return JobRun.objects.filter(job=job, started_at=datetime.fromisoformat(at), state="done").count()


def promised() -> int:
    """How many jobs somebody has still to do, such as the deliveries that visits start."""
    return PendingJob.objects.count()


def told(schemas: list[str]) -> int:
    """Messages to clients in all of these organizations."""
    from tenant_apps.notifications.models import Notification

    found = 0
    for schema in schemas:
        with context.enter(schema):
            found += Notification.objects.count()
    return found


def send(broker: str, task: str, arguments: list[Any]) -> None:
    Celery("bench", broker=broker, set_as_current=False).send_task(task, arguments)
