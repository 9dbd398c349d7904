"""Which run is being done here: what its ledger row says of it need not be asked of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from shared_apps.tenancy import context

_run: ContextVar[tuple[str, str, datetime] | None] = ContextVar("visit", default=None)


@contextmanager
def of(job: str, started_at: datetime) -> Iterator[None]:
    """Inside the block, this job is being done in the active organization."""
    token = _run.set((job, context.active().schema, started_at))
    try:
        yield
    finally:
        _run.reset(token)


def since(job: str, moment: datetime) -> bool:
    """Whether the run that is being done here is this job's in the active organization, begun then or later."""
    run = _run.get()
    return run is not None and run[:2] == (job, context.active().schema) and run[2] >= moment
