"""Other sessions in the way, processes killed and interrupted, two runs at once."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from shared_apps.tenancy import context, locks
from shared_apps.tenancy.fleet import detect, mover
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema
from tests.tenancy.fleet.conftest import Fleet

WAIT = 60.0  # seconds, at most


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.02)


def is_waiting(fleet: Fleet) -> bool:
    """Whether some session waits for a heavyweight lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def let_go_once_refused_twice(holder: psycopg.Connection) -> None:
    """Keep the lock until it was waited for in vain twice: by schemas that share a transaction, then by one alone."""

    def somebody_waits() -> bool:
        asked = "SELECT FROM pg_locks WHERE relation = 'org_f2.activity_activity'::regclass AND NOT granted"
        return holder.execute(asked).fetchone() is not None

    try:
        for _refusal in range(2):
            until(somebody_waits)
            until(lambda: not somebody_waits())
    finally:
        holder.rollback()


def test_a_busy_table_is_waited_for_and_tried_again(
    fleet: Fleet, other_session: psycopg.Connection, settings: Settings
) -> None:
    settings.TENANCY_LOCK_TIMEOUT_MS = 100
    fleet.add_field()
    other_session.execute("LOCK TABLE org_f2.activity_activity IN ACCESS EXCLUSIVE MODE")
    release = threading.Thread(target=let_go_once_refused_twice, args=(other_session,))
    release.start()
    report = fleet.migrate()
    release.join()
    assert (report.migrated, report.failed) == (3, {})
    assert report.retries >= 1
    assert fleet.run_count("org_f2", "0900_field") == 1


def test_a_table_that_stays_busy_is_one_failure(
    fleet: Fleet, other_session: psycopg.Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TENANCY_LOCK_TIMEOUT_MS = 50
    monkeypatch.setattr(mover, "FIRST_DELAY", 0.01)
    fleet.add_field()
    other_session.execute("LOCK TABLE org_f2.activity_activity IN ACCESS EXCLUSIVE MODE")
    report = fleet.migrate()
    assert list(report.failed) == ["org_f2"]
    assert "LockNotAvailable" in report.failed["org_f2"]
    assert fleet.with_column() == ["org_f1", "org_f3"]
    other_session.rollback()
    assert fleet.migrate(only_failed=True).migrated == 1


def test_a_connection_that_is_lost_is_made_again(
    fleet: Fleet, other_session: psycopg.Connection, settings: Settings
) -> None:
    settings.TENANCY_LOCK_TIMEOUT_MS = 5000
    settings.TENANCY_FLEET_SCHEMAS_PER_TRANSACTION = 1
    fleet.add_field()
    other_session.execute("LOCK TABLE org_f2.activity_activity IN ACCESS EXCLUSIVE MODE")

    def terminate() -> None:
        parameters = other_session.info.get_parameters()
        with psycopg.connect(**parameters, autocommit=True) as session:
            waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            deadline = time.monotonic() + WAIT
            while (
                time.monotonic() < deadline
                and not session.execute(f"SELECT pg_terminate_backend(pid) {waiting}").fetchall()
            ):
                time.sleep(0.02)
        other_session.rollback()

    thread = threading.Thread(target=terminate)
    thread.start()
    report = fleet.migrate()
    thread.join()
    assert (report.migrated, report.failed) == (3, {})
    assert report.retries == 1


def test_kill_minus_nine_and_again(fleet: Fleet, other_session: psycopg.Connection) -> None:
    name = fleet.add_field()
    other_session.execute("LOCK TABLE org_f2.activity_activity IN ACCESS EXCLUSIVE MODE")
    process = fleet.start("migrate", FLEET_TEST_GROUP="1", FLEET_TEST_CONNECTIONS="1")
    try:
        until(lambda: is_waiting(fleet))
    finally:
        process.kill()
        process.communicate()
    assert fleet.with_column() == ["org_f1"]
    other_session.rollback()
    until(lambda: locks_are_free(fleet))
    report = fleet.migrate()
    assert report.failed == {}
    # org_f2 may be done already: its transaction had been sent whole and ended without its client
    assert report.migrated in {1, 2}
    assert fleet.with_column() == fleet.names
    assert [fleet.run_count(schema, name) for schema in fleet.names] == [1, 1, 1]


def locks_are_free(fleet: Fleet) -> bool:
    """The server notices a client's death when its statement ends."""
    with context.public():
        return not is_waiting(fleet) and all(_free(name) for name in fleet.names)


def _free(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s), pg_advisory_unlock(%s)", [locks.key(name)] * 2)
        return bool(cursor.fetchone()[0])


def test_two_runs_at_once_do_it_once(fleet: Fleet) -> None:
    fleet.grow(5)
    name = fleet.write(
        "0900_add_one",
        """
        operations = [
            migrations.AddField("activity", "extra", models.IntegerField(default=0)),
            migrations.RunSQL("UPDATE activity_activity SET extra = extra + 1"),
        ]
        """,
    )
    for schema in fleet.names:
        fleet.execute(schema, ONE)
    processes = [fleet.start("migrate", "--json", FLEET_TEST_GROUP=group) for group in ("2", "3")]
    outputs = [process.communicate(timeout=WAIT) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    reports = [json.loads(out) for out, _ in outputs]
    assert sum(report["migrated"] for report in reports) == len(fleet.names)
    for schema in fleet.names:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT extra FROM {schema}.activity_activity")
            assert cursor.fetchall() == [(1,)]
        assert fleet.run_count(schema, name) == 1
    assert not detect.behind()


ONE = """INSERT INTO activity_activity (id, verb, subject_type, subject_id, subject_label, before, after, at)
VALUES (gen_random_uuid(), 'seen', 'client', gen_random_uuid(), '', '{}', '{}', now())"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_finishes_what_is_in_flight(
    fleet: Fleet, other_session: psycopg.Connection, number: signal.Signals
) -> None:
    fleet.add_field()
    other_session.execute("LOCK TABLE org_f1.activity_activity IN ACCESS EXCLUSIVE MODE")
    process = fleet.start("migrate", "--json", FLEET_TEST_GROUP="1", FLEET_TEST_CONNECTIONS="1")
    until(lambda: is_waiting(fleet))
    process.send_signal(number)
    time.sleep(0.2)
    other_session.rollback()
    out, err = process.communicate(timeout=WAIT)
    assert process.returncode == 130, err
    report = json.loads(out)
    assert (report["migrated"], report["untouched"], report["interrupted"]) == (1, 2, True), (out, err)
    assert fleet.with_column() == ["org_f1"]
    assert fleet.migrate().migrated == 2


def test_a_pool_schema_claimed_meanwhile_is_left_alone(fleet: Fleet) -> None:
    """The row got another name after the plan was made: nothing is done under the old one."""
    fleet.add_field()
    behind = detect.behind()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA org_f2 RENAME TO org_claimed")
    fleet.names[1] = "org_claimed"
    Schema.objects.filter(name="org_f2").update(name="org_claimed")
    assert "org_f2" in [one.name for one in behind]
    report = fleet.migrate()
    assert report.failed == {}
    assert Schema.objects.get(name="org_claimed").head == current_head()
