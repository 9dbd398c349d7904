"""One Celery task per tenant, as the plain recipe has it: `celery -A tests.bench.vanilla.jobs worker`."""

import os

import redis
from celery import Celery

DONE = "bench:vanilla:done"
FAN_OUT = "bench.fan_out"

app = Celery("vanilla", broker=os.environ.get("BENCH_BROKER"))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, task_acks_late=True)
if "BENCH_BROKER" in os.environ:
    import django

    django.setup()


@app.task(name="bench.daily")
def daily(schema: str) -> None:
    """Look whether this tenant has work; do it if so. The work is the same update as on our side."""
    from django_tenants.utils import schema_context

    from tenant_apps.clients.models import Client

    with schema_context(schema):
        Client.objects.filter(notes="due").update(notes="done")
    redis.Redis.from_url(os.environ["REDIS_URL"]).incr(DONE)


@app.task(name=FAN_OUT)
def fan_out(schemas: list[str]) -> None:
    for schema in schemas:
        daily.delay(schema)
