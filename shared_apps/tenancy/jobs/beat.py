"""django-celery-beat: its scheduler in public, its rows kept in step with the code."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import registry
from shared_apps.tenancy.jobs.registry import Job, Kind
from shared_apps.tenancy.jobs.schedule import Daily, Every

OURS = "declared in code"
MINUTE = timedelta(minutes=1)


class Scheduler(DatabaseScheduler):
    """Works in public: beat is a process of its own and knows no organization."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        context.choose(context.Active(context.PUBLIC))
        super().__init__(*args, **kwargs)


def ensure_rows() -> int:
    """Have a beat row for each platform job with a schedule and none for those the code dropped; how many changed.

    A row that somebody switched off stays off.
    """
    changed = 0
    with context.public(), transaction.atomic():
        jobs = [job for job in registry.all_jobs() if job.kind is Kind.PLATFORM and job.schedule]
        for job in jobs:
            changed += _ensure(job)
        gone = PeriodicTask.objects.filter(description=OURS).exclude(name__in=[job.name for job in jobs])
        for task in gone:
            task.delete()  # one by one: that tells beat
            changed += 1
    return changed


def ensure_rows_after_migrate(sender: AppConfig, **_: Any) -> None:
    """On post_migrate: when public has been migrated and beat's tables are there."""
    active = context.active_or_none()
    if active and active.is_public and PeriodicTask._meta.db_table in connection.introspection.table_names():
        ensure_rows()


def _ensure(job: Job) -> bool:
    wanted: dict[str, Any] = {"task": job.name, "description": OURS, "interval": None, "crontab": None}
    expires = timedelta(hours=12)
    if isinstance(job.schedule, Every) and job.schedule.interval == MINUTE:
        # On the minute, not a minute after the last time: what is due at 06:00 leaves at 06:00.
        expires = MINUTE
        wanted["crontab"] = CrontabSchedule.objects.get_or_create(
            minute="*", hour="*", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
        )[0]
    elif isinstance(job.schedule, Every):
        expires = job.schedule.interval
        wanted["interval"] = IntervalSchedule.objects.get_or_create(
            every=int(expires.total_seconds()), period=IntervalSchedule.SECONDS
        )[0]
    elif isinstance(job.schedule, Daily):
        wanted["crontab"] = CrontabSchedule.objects.get_or_create(
            minute=str(job.schedule.at.minute), hour=str(job.schedule.at.hour), timezone="UTC"
        )[0]
    wanted["expire_seconds"] = int(expires.total_seconds())  # no heap of stale messages after an outage
    wanted["kwargs"] = json.dumps({})
    task = PeriodicTask.objects.filter(name=job.name).first()
    if task is None:
        PeriodicTask.objects.create(name=job.name, **wanted)
        return True
    different = {name: value for name, value in wanted.items() if getattr(task, name) != value}
    for name, value in different.items():
        setattr(task, name, value)
    if different:
        task.save()
    return bool(different)
