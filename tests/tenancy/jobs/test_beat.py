from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.apps import apps
from django.db import connection
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import beat

ROOT = Path(__file__).parents[3]


def test_the_dispatcher_is_started_every_minute(db: None) -> None:
    PeriodicTask.objects.all().delete()
    assert beat.ensure_rows() > 5
    row = PeriodicTask.objects.get(name="tenancy.dispatch")
    assert (row.task, row.enabled, row.interval) == ("tenancy.dispatch", True, None)
    assert (row.crontab.minute, row.crontab.hour) == ("*", "*")  # on the minute: 06:00 is not 06:00:59
    assert row.expire_seconds == 60  # after an outage one dispatch is enough
    sweep = PeriodicTask.objects.get(name="tenancy.sweep_due")
    assert (sweep.crontab.hour, sweep.crontab.minute, str(sweep.crontab.timezone)) == ("4", "40", "UTC")
    assert beat.ensure_rows() == 0


def test_rows_follow_the_code_but_a_person_may_switch_one_off(db: None) -> None:
    beat.ensure_rows()
    some = IntervalSchedule.objects.create(every=7, period=IntervalSchedule.MINUTES)
    PeriodicTask.objects.create(name="tenancy.gone", task="tenancy.gone", description=beat.OURS, interval=some)
    theirs = PeriodicTask.objects.create(name="theirs", task="theirs", interval=some)
    PeriodicTask.objects.filter(name="tenancy.trim").update(enabled=False)
    PeriodicTask.objects.filter(name="tenancy.dispatch").update(task="something.else")
    assert beat.ensure_rows() == 2
    assert not PeriodicTask.objects.filter(name="tenancy.gone").exists()
    assert PeriodicTask.objects.filter(pk=theirs.pk).exists()
    assert not PeriodicTask.objects.get(name="tenancy.trim").enabled
    assert PeriodicTask.objects.get(name="tenancy.dispatch").task == "tenancy.dispatch"


def test_migrating_public_ensures_the_rows_and_migrating_a_tenant_does_not(db: None) -> None:
    PeriodicTask.objects.all().delete()
    config = apps.get_app_config("tenancy")
    with context.enter("tenancy_template"):
        beat.ensure_rows_after_migrate(config)
    assert not PeriodicTask.objects.exists()
    beat.ensure_rows_after_migrate(config)
    assert PeriodicTask.objects.filter(name="tenancy.dispatch").exists()


def test_every_row_names_a_task_that_exists(db: None) -> None:
    beat.ensure_rows()
    assert set(PeriodicTask.objects.values_list("task", flat=True)) <= set(current_app.tasks)


@pytest.mark.django_db(transaction=True)
def test_a_real_beat_reads_its_rows_from_public() -> None:
    """It has no request and no command around it that would choose a schema."""
    beat.ensure_rows()
    program = """
from config.celery import app
app.loader.import_default_modules()
from shared_apps.tenancy.jobs.beat import Scheduler
print(*sorted(Scheduler(app=app).schedule))
"""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert b"tenancy.dispatch" in done.stdout
