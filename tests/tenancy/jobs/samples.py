"""Jobs that only tests run. A real worker imports this module too (`--include`)."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection
from redis import Redis

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue, organization_task, periodic, platform_task
from tenant_apps.team.models import Member


def redis() -> Redis:
    """Where the jobs below leave traces that outlive a rollback and a killed process."""
    return Redis.from_url(settings.REDIS_URL, decode_responses=True)


def trace(key: str, text: str = "") -> None:
    redis().rpush(f"sample:{key}", text)


def traces(key: str) -> list[str]:
    return [str(text) for text in redis().lrange(f"sample:{key}", 0, -1)]


def rename(name: str) -> None:
    Member.objects.order_by("pk").update(name=name)


@organization_task("sample.where")
def where(member_id: UUID | str | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        trace("where", f"{cursor.fetchone()[0]} {context.active().organization_id} {member_id}")
    trace("backends", str(connection.connection.info.backend_pid))


@organization_task("sample.starts")
def starts() -> None:
    enqueue("sample.where")


@platform_task("sample.platform")
def platform() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        trace("platform", cursor.fetchone()[0])


@organization_task("sample.halves")
def halves() -> None:
    """Writes two rows, with time to be killed in between, the first time round."""
    first, second = Member.objects.order_by("pk")[:2]
    Member.objects.filter(pk=first.pk).update(name="Half")
    trace("halves", str(os.getpid()))
    if len(traces("halves")) == 1:
        time.sleep(60)
    Member.objects.filter(pk=second.pk).update(name="Whole")


@organization_task("sample.breaks")
def breaks() -> None:
    rename("Broken")
    raise ValueError("it broke")


@organization_task("sample.recovers")
def recovers() -> None:
    """Finds the database away twice."""
    rename("Recovered")
    trace("recovers")
    if len(traces("recovers")) < 3:
        raise OperationalError("server closed the connection unexpectedly")


@organization_task("sample.leaves_context")
def leaves_context() -> None:
    context.choose(context.Active("org_globex"))


@organization_task("sample.leaves_transaction", atomic=False)
def leaves_transaction() -> None:
    trace("leaves_transaction", str(connection.connection.info.backend_pid))
    connection.connection.execute("BEGIN")


@periodic("sample.nightly", at="02:00", jitter=timedelta(minutes=30))
def nightly(now: datetime) -> None:
    trace("nightly", f"{context.active().schema} {now.isoformat()}")
    trace(f"nightly:{context.active().schema}", str(connection.connection.info.backend_pid))
    if redis().sismember(f"sample:slow:{context.active().schema}", "nightly"):
        redis().set("sample:slow:pid", os.getpid())
        time.sleep(60)
    if "nightly" in redis().smembers(f"sample:broken:{context.active().schema}"):
        rename("Broken")
        raise ValueError("this organization's night is broken")


@periodic("sample.often", every=timedelta(minutes=10))
def often(now: datetime) -> None:
    trace("often", context.active().schema)


@periodic("sample.hourly", every=timedelta(hours=1), jitter=timedelta(minutes=5))
def hourly(now: datetime) -> None:
    trace("hourly", context.active().schema)


def first_reminder() -> datetime | None:
    """The organization's own rows are a sorted set here: member times, in seconds."""
    found = redis().zrange(f"sample:reminders:{context.active().schema}", 0, 0, withscores=True)
    return datetime.fromisoformat(found[0][0]) if found else None


@periodic("sample.reminders", work="indexed", next_due=first_reminder)
def reminders(now: datetime) -> None:
    trace("reminders", f"{context.active().schema} {now.isoformat()}")
    redis().zremrangebyscore(f"sample:reminders:{context.active().schema}", 0, now.timestamp())
