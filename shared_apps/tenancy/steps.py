"""The record of how a schema is made: one row per step, so that progress can be read and a crash leaves a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from shared_apps.tenancy import context
from shared_apps.tenancy.models import ProvisionStep, Schema

Step = ProvisionStep.Step
State = ProvisionStep.State


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the making of a schema stands. `steps` are those of the latest attempt, oldest first."""

    schema: str
    state: str  # "missing", or the registry's state: "building", "ready" ...
    error: str
    steps: tuple[ProvisionStep, ...]

    @property
    def current(self) -> str | None:
        """The step under way."""
        return next((step.step for step in self.steps if step.state == State.STARTED), None)


def progress(schema: str) -> Progress:
    """How far `provision(schema)` has come; readable from any process while it runs."""
    with context.public():
        record = Schema.objects.filter(name=schema).first()
        rows = list(ProvisionStep.objects.filter(schema_name=schema))
    starts = [position for position, row in enumerate(rows) if row.step == Step.CLAIM]
    return Progress(
        schema=schema,
        state=record.state if record else "missing",
        error=record.error if record else "",
        steps=tuple(rows[starts[-1] :] if starts else rows),
    )


def begin(schema: str, step: Step, *, skipped: Step | None = None) -> ProvisionStep:
    """Record a step that starts now, and the one before it that was not possible."""
    now = timezone.now()
    row = ProvisionStep(schema_name=schema, step=step, started_at=now)
    rows = [row]
    if skipped:
        done = {"state": State.SKIPPED, "started_at": now, "finished_at": now}
        rows.insert(0, ProvisionStep(schema_name=schema, step=skipped, **done))
    with context.public():
        ProvisionStep.objects.bulk_create(rows)
    return row


def finish(row: ProvisionStep, state: State = State.DONE, error: object = "") -> None:
    with context.public():
        ProvisionStep.objects.filter(pk=row.pk).update(state=state, error=str(error), finished_at=timezone.now())


@contextmanager
def step(schema: str, kind: Step) -> Iterator[None]:
    """A step recorded before it starts and after it ends, each committed at once."""
    row = begin(schema, kind)
    try:
        yield
    except Exception as error:
        finish(row, State.FAILED, f"{type(error).__name__}: {error}")
        raise
    finish(row)


def close_interrupted(schema: str) -> None:
    """Steps a dead process left open. The caller holds the schema's lock, so nobody else is at them."""
    ProvisionStep.objects.filter(schema_name=schema, state=State.STARTED).update(
        state=State.FAILED, error="The process died.", finished_at=timezone.now()
    )
