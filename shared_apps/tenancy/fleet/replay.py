"""The transaction that moves some schemas one step: what it says, in which order, and why in that order."""

# ruff: noqa: S608 - every value is quoted by text() or quote()

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from shared_apps.tenancy import locks
from shared_apps.tenancy.fleet.detect import KINDS, STATES
from shared_apps.tenancy.fleet.plan import Step
from shared_apps.tenancy.head import Key
from shared_apps.tenancy.models import MigrationRun, Schema
from shared_apps.tenancy.names import quote

REGISTRY = f'"public".{quote(Schema._meta.db_table)}'
LEDGER = f'"public".{quote(MigrationRun._meta.db_table)}'


def transaction(step: Step, names: Sequence[str], *, expected: str, is_last: bool, lock_timeout_ms: int) -> list[str]:
    """The statements that move `names`, all of them at the stamp `expected`, through `step`."""
    assert step.statements is not None  # noqa: S101 - the runner sends other steps to Django
    statements = [
        f"SET LOCAL lock_timeout = {lock_timeout_ms}",
        take_locks(names),
        move_stamp(names, expected=expected, head=step.head, is_last=is_last),
    ]
    for name in names:
        statements.append(f'SET LOCAL search_path = {quote(name)}, "public"')
        statements += record(name, step.records)  # first: it names the schema, so one that is gone stops here
        statements += step.statements
    if step.key:
        statements.append(log(names, step.key, how=MigrationRun.How.REPLAY))
    return statements


def take_locks(names: Sequence[str]) -> str:
    """Wait until nobody else works on these schemas. In one order for all, so that two runs cannot embrace."""
    return "SELECT " + ", ".join(f"pg_advisory_xact_lock({locks.key(name)})" for name in sorted(names))


def move_stamp(names: Sequence[str], *, expected: str, head: str, is_last: bool) -> str:
    """Stamp the schemas, if they are still where the plan found them.

    A stamp that has moved becomes NULL, which its column refuses: the whole transaction is undone, before it touched
    the schema. Asking first would cost a round trip per schema. The row stays locked, so a pool schema cannot be
    claimed (renamed) meanwhile.
    """
    state = Schema.State.READY if is_last else Schema.State.MIGRATING
    return (
        f"UPDATE {REGISTRY} SET head = {_unless_moved(expected, head)},"
        f" state = {text(state)}, error = '', updated_at = now() WHERE name IN ({texts(names)})"
    )


def demand_stamp(names: Sequence[str], *, expected: str) -> str:
    """The same refusal, without a change: for work that cannot happen in the transaction of its stamp."""
    return f"UPDATE {REGISTRY} SET head = {_unless_moved(expected, expected)} WHERE name IN ({texts(names)})"


def _unless_moved(expected: str, head: str) -> str:
    return (
        f"CASE WHEN head = {text(expected)} AND kind IN ({texts(KINDS)})"
        f" AND state IN ({texts(STATES)}) THEN {text(head)} END"
    )


def record(name: str, records: Sequence[Key]) -> list[str]:
    if not records:
        return []
    rows = ", ".join(f"({text(app)}, {text(migration)}, now())" for app, migration in records)
    return [f'INSERT INTO {quote(name)}."django_migrations" (app, name, applied) VALUES {rows}']


def log(
    names: Sequence[str],
    key: Key,
    *,
    how: str,
    state: str = MigrationRun.State.DONE,
    error: str = "",
    took_ms: float | None = None,
) -> str:
    """A ledger row per schema. Without `took_ms`: the schemas' shares of the transaction so far."""
    share = f"extract(epoch FROM clock_timestamp() - now()) * 1000 / {len(names)}"
    times = f"now(), {share}" if took_ms is None else f"now() - interval '{took_ms:f} ms', {took_ms:f}"
    rows = ", ".join(
        f"({text(name)}, {text(key[0])}, {text(key[1])}, {text(state)}, {text(how)}, {times}, {text(error)})"
        for name in names
    )
    columns = "schema_name, app, migration, state, how, started_at, duration_ms, error"
    return f"INSERT INTO {LEDGER} ({columns}) VALUES {rows}"


def fail(name: str, step: Step, *, expected: str, error: str, took_ms: float) -> list[str]:
    """Mark a schema failed (unless somebody moved it meanwhile) and put the attempt into the ledger."""
    how = MigrationRun.How.DJANGO if step.statements is None else MigrationRun.How.REPLAY
    marked = (
        f"UPDATE {REGISTRY} SET state = {text(Schema.State.FAILED)}, error = {text(error)}, updated_at = now()"
        f" WHERE name = {text(name)} AND head = {text(expected)}"
    )
    key = step.key or ("", "")
    logged = log([name], key, how=how, state=MigrationRun.State.FAILED, error=error, took_ms=took_ms)
    return [f"SET LOCAL lock_timeout = {settings.TENANCY_LOCK_TIMEOUT_MS}", marked, logged]


def text(value: str) -> str:
    """A string literal. Statements of a pipeline that differ in each schema gain nothing from parameters."""
    return "'" + str(value).replace("\0", "").replace("'", "''") + "'"


def texts(values: Sequence[str]) -> str:
    return ", ".join(text(value) for value in values)
