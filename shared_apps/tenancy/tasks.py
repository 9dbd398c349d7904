"""The engine's own jobs, all in public: dispatching, reminding, sweeping, trimming, the pool and the trash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.tenancy import deletion, pool, provisioning
from shared_apps.tenancy.jobs import chunks, dispatcher, due, queueing, sweep
from shared_apps.tenancy.jobs.dispatcher import RUN_CHUNK, Visit
from shared_apps.tenancy.jobs.registry import platform_periodic, platform_task
from shared_apps.tenancy.jobs.sweep import SWEEP_CHUNK

MINUTE = timedelta(minutes=1)


@platform_periodic("tenancy.dispatch", every=MINUTE, atomic=False)
def dispatch() -> None:
    dispatcher.dispatch()


# A chunk that killed its worker does not come back at once: its claim lapses, and then each organization goes alone.
@platform_task(RUN_CHUNK, atomic=False, reject_on_worker_lost=False)
def run_chunk(job: str, visits: list[list[Any]], now: str | None = None) -> None:
    moment = datetime.fromisoformat(now) if now else None
    chunks.run_chunk(job, [Visit.from_message(visit) for visit in visits], now=moment)


@platform_periodic("tenancy.remind", every=MINUTE, atomic=False)
def remind() -> None:
    queueing.remind(now=timezone.now())


@platform_periodic("tenancy.fill_due", every=10 * MINUTE)
def fill_due() -> None:
    due.fill(timezone.now())


@platform_periodic("tenancy.sweep_due", at="04:40", atomic=False)
def sweep_due() -> None:
    sweep.send_sweep(timezone.now())


@platform_task(SWEEP_CHUNK, atomic=False, reject_on_worker_lost=False)
def sweep_chunk(schemas: list[str]) -> None:
    sweep.sweep_chunk(schemas, now=timezone.now())


@platform_periodic("tenancy.trim", at="05:10")
def trim() -> None:
    sweep.trim(timezone.now())


@platform_periodic("tenancy.refill_pool", every=5 * MINUTE, atomic=False)
def refill_pool() -> None:
    pool.refill()


@platform_periodic("tenancy.recover", every=10 * MINUTE, atomic=False)
def recover() -> None:
    provisioning.recover()


@platform_periodic("tenancy.drop_retired", every=30 * MINUTE, atomic=False)
def drop_retired() -> None:
    deletion.drop_retired()
