"""When an indexed job that has a time of day must run next: only on days on which the organization has work for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import visiting
from shared_apps.tenancy.models import JobRun


def next_daily(
    job: str, at: time, *, now: datetime, zone: ZoneInfo, first_day: Callable[[date], date | None]
) -> datetime | None:
    """`first_day(day)`: the first day from `day` on with work, None for none. Days and `at` are local to `zone`.

    Work of today whose time has passed is due at once if today's run has not been: after an outage, say.
    """
    today = now.astimezone(zone).date()
    slot = _moment(today, at, zone)
    if now < slot:
        day = first_day(today)
    elif ran_since(job, slot):
        day = first_day(today + timedelta(days=1))
    else:
        day = first_day(today)
        if day == today:
            return now
    return _moment(day, at, zone) if day else None


def ran_since(job: str, moment: datetime) -> bool:
    """Whether the job has been done, or is being done by this transaction, in the active organization since then."""
    if visiting.since(job, moment):
        return True
    schema = context.active().schema
    runs = JobRun.objects.filter(schema_name=schema, job=job, started_at__gte=moment)
    return runs.exclude(state=JobRun.State.FAILED).exists()


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
