"""What visits start stays behind visits; what people start goes where people's work goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from celery import current_app

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue
from shared_apps.tenancy.jobs.dispatcher import RUN_CHUNK
from shared_apps.tenancy.jobs.queueing import publish
from tests.tenancy.jobs import samples

pytestmark = pytest.mark.django_db(transaction=True)
QUEUES = ("celery", "jobs.0", "jobs.1", "jobs.2", "jobs.3")


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    waiting()
    yield
    waiting()


def waiting() -> dict[str, list[str]]:
    """Which jobs wait in which queue, in the order in which a worker takes them."""
    found: dict[str, list[str]] = {}
    with current_app.connection_for_read() as connection:
        for name in QUEUES:
            queue = connection.SimpleQueue(name)
            with suppress(queue.Empty):
                while message := queue.get(block=False):
                    found.setdefault(name, []).append(message.headers["task"])
                    message.ack()
            queue.close()
    return found


def run(came_from: str, organization: Organization) -> None:
    """`sample.starts` as a worker runs it that took it from this queue."""
    task = current_app.tasks["sample.starts"]
    task.push_request(delivery_info={"exchange": came_from, "routing_key": came_from})
    try:
        task(envelope={"schema": organization.schema_name, "organization_id": str(organization.pk)})
    finally:
        task.pop_request()


@pytest.mark.parametrize("lane", QUEUES)
def test_what_a_job_starts_waits_where_the_job_waited(acme: Organization, lane: str) -> None:
    run(lane, acme)
    assert waiting() == {lane: ["sample.where"]}


def test_the_lane_ends_with_the_job(acme: Organization) -> None:
    run("jobs.1", acme)
    with context.enter(acme.schema_name):
        enqueue("sample.where")
    assert waiting() == {"jobs.1": ["sample.where"], "celery": ["sample.where"]}
    assert samples.traces("where") == []


def test_visits_go_before_what_visits_start(acme: Organization) -> None:
    run("jobs.1", acme)
    publish(RUN_CHUNK, {"arguments": {"job": "sample.none", "visits": []}}, queue="jobs.1")
    run("jobs.1", acme)
    assert waiting() == {"jobs.1": [RUN_CHUNK, "sample.where", "sample.where"]}
