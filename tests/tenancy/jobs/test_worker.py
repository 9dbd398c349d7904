"""Real Celery workers, real Redis, real SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import dispatch, due, enqueue
from shared_apps.tenancy.models import DueWork, JobRun, PendingJob
from tenant_apps.team.models import Member
from tests.tenancy.jobs.samples import redis, traces

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MORNING = NIGHT + timedelta(minutes=30)
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    """Other tests enqueue too, and nobody works it off."""
    store = redis()
    for key in ("celery", "unacked", "unacked_index", "unacked_mutex", *store.keys("jobs.*")):
        store.delete(key)


@contextmanager
def worker(*options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process with two children, on this test's database and Redis."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.tenancy.jobs.worker_settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "prefork", "--concurrency", "2"]
    command += ["--include", "tests.tenancy.jobs.samples", "--without-gossip", "--without-mingle", *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole process group, children too, as a machine that loses power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, list(PendingJob.objects.values("name", "losses", "sends", "error"))
        time.sleep(0.05)


def nothing_pending() -> bool:
    with context.public():
        return not PendingJob.objects.exists()


def names(organization: Organization) -> set[str]:
    with context.enter(organization.schema_name):
        return set(Member.objects.values_list("name", flat=True))


def test_a_worker_runs_each_job_where_it_belongs(acme: Organization, globex: Organization) -> None:
    due.fill(NIGHT - timedelta(hours=4))
    DueWork.objects.exclude(job="sample.nightly").delete()
    with worker():
        for _ in range(3):
            for organization in (acme, globex):
                with context.enter(organization.schema_name):
                    enqueue("sample.where")
        enqueue("sample.platform")
        wait_until(nothing_pending)
        assert dispatch(MORNING) == 2  # in chunks, on the queues of their shares
        wait_until(lambda: JobRun.objects.filter(state="done").count() == 2)
        assert dispatch(MORNING) == 0
        assert enqueue_and_wait_for_recovery(acme)
    assert sorted(traces("where")) == 3 * [f"org_acme {acme.pk} None"] + 3 * [f"org_globex {globex.pk} None"]
    assert traces("platform") == ["public"]
    assert len(set(traces("backends"))) <= 2  # a child keeps its connection from job to job


def enqueue_and_wait_for_recovery(organization: Organization) -> bool:
    """A job that finds the database away twice is delivered three times."""
    with context.enter(organization.schema_name):
        enqueue("sample.recovers")
    wait_until(nothing_pending)
    return len(traces("recovers")) == 3


@pytest.mark.parametrize("victim", ["worker", "child"])
def test_kill_9_in_the_middle_of_a_job(cast: object, acme: Organization, victim: str) -> None:
    """The job is delivered again, and of the first time nothing is left."""
    with worker() as first:
        with context.enter(acme.schema_name):
            enqueue("sample.halves")
        wait_until(lambda: traces("halves"))
        if victim == "child":
            os.kill(int(traces("halves")[0]), signal.SIGKILL)
            wait_until(nothing_pending)
        else:
            kill(first)
            wait_until(lambda: names(acme) == {"Alice", "Bob"})
            assert not nothing_pending()
    if victim == "worker":
        with worker():
            wait_until(nothing_pending)
    assert len(traces("halves")) == 2
    assert names(acme) == {"Half", "Whole"}


def test_kill_9_in_the_middle_of_a_chunk(acme: Organization, globex: Organization) -> None:
    """The claim lapses; then the organization that is left is visited, and the one that was done is not."""
    due.fill(NIGHT - timedelta(hours=4))
    DueWork.objects.exclude(job="sample.nightly").delete()
    DueWork.objects.filter(schema_name="org_acme").update(due_at=NIGHT)  # before globex, should they share a chunk
    with worker():
        redis().sadd("sample:slow:org_globex", "nightly")
        assert dispatch(MORNING) == 2
        wait_until(lambda: traces("nightly:org_globex") and JobRun.objects.filter(state="done").count() == 1)
        os.kill(int(redis().get("sample:slow:pid") or 0), signal.SIGKILL)
        wait_until(lambda: not is_connected(traces("nightly:org_globex")[0]))
        assert dispatch(MORNING + timedelta(minutes=1)) == 0
        redis().delete("sample:slow:org_globex")
        assert dispatch(MORNING + timedelta(minutes=16)) == 1
        wait_until(lambda: JobRun.objects.filter(state="done").count() == 2)
    assert len(traces("nightly:org_acme")) == 1
    assert len(traces("nightly:org_globex")) == 2


def is_connected(backend: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [int(backend)])
        return cursor.fetchone() is not None
