"""The transaction of a group of schemas, looked at from inside."""

from __future__ import annotations

import psycopg
import pytest
import redis
from pytest_django import Settings
from redis.client import PubSub

from shared_apps.tenancy import template
from shared_apps.tenancy.fleet import detect, plan, replay, runner, truth
from shared_apps.tenancy.routing import bell
from shared_apps.tenancy.routing.bell import Message
from tests.tenancy.fleet.conftest import Fleet

LOCKS_PER_TRANSACTION = 64  # PostgreSQL's default


def test_a_group_stays_below_the_default_lock_limit(
    fleet: Fleet, other_session: psycopg.Connection, settings: Settings
) -> None:
    fleet.grow(settings.TENANCY_FLEET_SCHEMAS_PER_TRANSACTION - len(fleet.names))
    fleet.add_field()
    fleet.write(
        "0901_index", 'operations = [migrations.AddIndex("activity", models.Index(fields=["extra"], name="x"))]'
    )
    template.ensure()
    stamps = {one.head for one in detect.behind()}
    steps = plan.build(truth.applied_in(fleet.names[0]) or frozenset()).steps
    expected = stamps.pop()
    for step in steps:
        is_last = step is steps[-1]
        for statement in replay.transaction(
            step, fleet.names, expected=expected, is_last=is_last, lock_timeout_ms=1000
        ):
            other_session.execute(statement.encode())
        row = other_session.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()").fetchone()
        assert row is not None
        assert row[0] <= LOCKS_PER_TRANSACTION
        other_session.commit()
        expected = step.head
    assert not detect.behind()


def test_the_web_processes_hear_who_caught_up(
    fleet: Fleet, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis.from_url(settings.REDIS_URL) as client, client.pubsub(ignore_subscribe_messages=True) as subscription:
        subscription.subscribe(bell.channel())
        assert subscription.get_message(timeout=5) is None  # the confirmation, which is ignored
        fleet.add_field()
        fleet.migrate()
        assert {message and message.schema for message in heard(subscription)} == set(fleet.names)
        monkeypatch.setattr(runner, "NAMED", 2)
        fleet.add_field("0901_field", "another")
        fleet.migrate()
        assert heard(subscription) == [None]  # more than are named one by one: drop everything


def heard(subscription: PubSub) -> list[Message | None]:
    found = []
    while (raw := subscription.get_message(timeout=0.2)) is not None:
        found.append(bell.parsed(raw["data"]))
    return found
