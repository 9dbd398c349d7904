"""A step that only Django can do (Python in it, or no transaction around it), in one schema."""

from __future__ import annotations

import time

import psycopg
from django.conf import settings
from django.db import connection, transaction

from shared_apps.tenancy import context, locks
from shared_apps.tenancy.fleet import replay
from shared_apps.tenancy.fleet.plan import Plan
from shared_apps.tenancy.models import MigrationRun


def apply(name: str, plan: Plan, position: int, *, expected: str) -> None:
    """Move the schema `name`, which is at the stamp `expected`, one step. Raises what the migration raises."""
    with context.enter(name):
        if plan.migration(position).atomic:
            _atomic(name, plan, position, expected)
        else:
            _not_atomic(name, plan, position, expected)
    connection.close_if_unusable_or_obsolete()  # also when it has touched too many schemas


def _atomic(name: str, plan: Plan, position: int, expected: str) -> None:
    with transaction.atomic():
        _run(f"SET LOCAL lock_timeout = {settings.TENANCY_LOCK_TIMEOUT_MS}", replay.take_locks([name]))
        _book(name, plan, position, expected)
        with connection.schema_editor(atomic=True) as editor:
            plan.migration(position).apply(plan.state_before(position), editor)
        _log(name, plan, position)


def _not_atomic(name: str, plan: Plan, position: int, expected: str) -> None:
    """Several transactions: what a failure leaves behind is Django's affair, as in any other project."""
    started = time.monotonic()
    with locks.held(name, wait=False) as ours:
        if not ours:
            raise psycopg.errors.LockNotAvailable("Another process works on this schema.")
        _run(f"SET lock_timeout = {settings.TENANCY_LOCK_TIMEOUT_MS}", replay.demand_stamp([name], expected=expected))
        try:
            with connection.schema_editor(atomic=False) as editor:
                plan.migration(position).apply(plan.state_before(position), editor)
        finally:
            connection.close()  # not every pooler would take the lock_timeout back
        with transaction.atomic():
            _book(name, plan, position, expected)
            _log(name, plan, position, took_ms=(time.monotonic() - started) * 1000)


def _book(name: str, plan: Plan, position: int, expected: str) -> None:
    step = plan.steps[position]
    is_last = position == len(plan.steps) - 1
    _run(
        replay.move_stamp([name], expected=expected, head=step.head, is_last=is_last),
        *replay.record(name, step.records),
    )


def _log(name: str, plan: Plan, position: int, took_ms: float | None = None) -> None:
    key = plan.steps[position].key
    if key is not None:
        _run(replay.log([name], key, how=MigrationRun.How.DJANGO, took_ms=took_ms))


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
