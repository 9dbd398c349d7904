"""What visits start stays behind visits; what people start goes where people's work goes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from celery import current_app
from redis import Redis

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue
from tests.tenancy.jobs import samples

pytestmark = pytest.mark.django_db(transaction=True)
QUEUES = ("celery", "jobs.0", "jobs.1", "jobs.2", "jobs.3")


@pytest.fixture
def broker() -> Iterator[Redis]:
    store = samples.redis()
    store.delete(*QUEUES)
    yield store
    store.delete(*QUEUES)
    store.close()


def waiting(broker: Redis) -> dict[str, list[str]]:
    """Which jobs wait in which queue."""
    found = {queue: [json.loads(one)["headers"]["task"] for one in broker.lrange(queue, 0, -1)] for queue in QUEUES}
    return {queue: names for queue, names in found.items() if names}


def run(came_from: str, organization: Organization) -> None:
    """`sample.starts` as a worker runs it that took it from this queue."""
    task = current_app.tasks["sample.starts"]
    task.push_request(delivery_info={"exchange": came_from, "routing_key": came_from})
    try:
        task(envelope={"schema": organization.schema_name, "organization_id": str(organization.pk)})
    finally:
        task.pop_request()


@pytest.mark.parametrize("lane", QUEUES)
def test_what_a_job_starts_waits_where_the_job_waited(acme: Organization, broker: Redis, lane: str) -> None:
    run(lane, acme)
    assert waiting(broker) == {lane: ["sample.where"]}


def test_the_lane_ends_with_the_job(acme: Organization, broker: Redis) -> None:
    run("jobs.1", acme)
    with context.enter(acme.schema_name):
        enqueue("sample.where")
    assert waiting(broker) == {"jobs.1": ["sample.where"], "celery": ["sample.where"]}
    assert samples.traces("where") == []
