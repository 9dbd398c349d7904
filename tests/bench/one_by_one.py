"""The morning's reminders the usual way: one Celery task for each organization, whether it has work or not.

`celery -A tests.bench.one_by_one worker`: the same functions on the same database, with Celery's Django integration as
it comes, which opens a connection for each task.
"""

import os

import django

django.setup()

from datetime import datetime  # noqa: E402 - tasks need the apps

import redis  # noqa: E402
from celery import Celery  # noqa: E402
from django.conf import settings  # noqa: E402

from shared_apps.tenancy import context, routing  # noqa: E402
from shared_apps.tenancy.jobs import registry  # noqa: E402

DONE = "bench:one_by_one:done"
FAN_OUT = "bench.one_by_one"

app = Celery("one_by_one", broker=os.environ.get("BENCH_BROKER"))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, task_acks_late=True)
context.choose(context.Active(context.PUBLIC))


@app.task(name="bench.visit_one")
def visit(schema: str, job: str, now: str) -> None:
    from django.db import transaction

    with context.enter(routing.by_schema(schema)), transaction.atomic():
        registry.get(job).function(now=datetime.fromisoformat(now))
    redis.Redis.from_url(settings.REDIS_URL).incr(DONE)


@app.task(name=FAN_OUT)
def fan_out(schemas: list[str], job: str, now: str) -> None:
    for schema in schemas:
        visit.delay(schema, job, now)
