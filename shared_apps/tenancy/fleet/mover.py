"""One of the fleet's connections at work: takes schemas from the queue, moves them, deals with what goes wrong."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import psycopg
from django.conf import settings
from django.db import connections
from django.db.utils import Error as DjangoError

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet import plan, replay, slow, truth
from shared_apps.tenancy.fleet.detect import KINDS
from shared_apps.tenancy.fleet.wire import Wire
from shared_apps.tenancy.fleet.work import Outcome, Queue, Work
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema

logger = logging.getLogger(__name__)

ATTEMPTS = 6  # with the delays below: about 8 seconds of waiting besides the lock timeouts
FIRST_DELAY = 0.25  # seconds; doubled at each attempt
GROUP_LOCK_TIMEOUT_MS = 200  # several schemas in one transaction: the others must not wait long for a busy one
PASSING = {
    "55P03": "lock not available",
    "40P01": "deadlock",
    "40001": "serialization failure",
    "53300": "too many connections",
    "57P01": "shut down",
    "57P02": "crashed",
    "57P03": "starting up",
}


@dataclass
class Mover:
    queue: Queue
    outcome: Outcome
    wire: Wire = field(default_factory=Wire)

    def work(self) -> None:
        """The body of a thread: until the queue ends."""
        try:
            with context.public():
                while (work := self.queue.take()) is not None:
                    try:
                        self._carry(work)
                    finally:
                        self.queue.done()
        finally:
            connections.close_all()  # Django's connections of this thread; the wire serves the next wave too

    def _carry(self, work: Work) -> None:
        if work.step.statements is None and len(work.names) > 1:
            self.queue.put(work.apart())
            return
        started = time.monotonic()
        try:
            self._move(work)
        except Exception as error:  # noqa: BLE001 - whatever a migration raises is that schema's failure alone
            try:
                self._recover(work, error, (time.monotonic() - started) * 1000)
            except Exception as worse:
                logger.exception("fleet: cannot even record a failure", extra={"schemas": work.names})
                self.outcome.failed.update(dict.fromkeys(work.names, f"{describe(error)} / {describe(worse)}"))
            return
        following = work.next()
        if following is None:
            self.outcome.done += work.names
        else:
            self.queue.put([following])

    def _move(self, work: Work) -> None:
        if work.step.statements is None:
            slow.apply(work.names[0], work.plan, work.position, expected=work.expected)
            return
        timeout = settings.TENANCY_LOCK_TIMEOUT_MS
        statements = replay.transaction(
            work.step,
            work.names,
            expected=work.expected,
            is_last=work.is_last,
            lock_timeout_ms=min(timeout, GROUP_LOCK_TIMEOUT_MS) if len(work.names) > 1 else timeout,
        )
        self.wire.run(statements, touches=len(work.names))

    def _recover(self, work: Work, error: Exception, took_ms: float) -> None:
        """Nothing was done. Find out what may still be done."""
        found = dict(Schema.objects.filter(name__in=work.names, kind__in=KINDS).values_list("name", "head"))
        for one in work.apart():
            head = found.get(one.names[0])
            if head is None or head == current_head():
                self.outcome.elsewhere += one.names
            elif head != one.expected:
                self._look_again(one, head)
            elif len(work.names) > 1:
                self.queue.put([one])
            elif is_passing(error) and one.attempts < ATTEMPTS - 1:
                self.outcome.retries += 1
                delay = FIRST_DELAY * 2**one.attempts * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
                self.queue.put([replace(one, attempts=one.attempts + 1)], delay=delay)
            elif not one.looked and truth.applied_in(one.names[0]) != one.plan.applied:
                self._look_again(one, head)
            else:
                self._give_up(one, error, took_ms)

    def _look_again(self, work: Work, head: str) -> None:
        applied = truth.applied_in(work.names[0])
        fresh = Work(work.names, plan.build(applied or frozenset()), head, looked=True, attempts=work.attempts + 1)
        if applied is None or fresh.attempts > ATTEMPTS:
            self._give_up(work, LookupError("The schema is gone, or keeps changing."), 0)
        else:
            self.queue.put([fresh])

    def _give_up(self, work: Work, error: Exception, took_ms: float) -> None:
        (name,) = work.names
        message = f"{work.step.label}: {describe(error)}"
        self.outcome.failed[name] = message
        self.wire.run(replay.fail(name, work.step, expected=work.expected, error=message, took_ms=took_ms))


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of psycopg's error or of Django's around it; "" for a connection that broke without a word."""
    if isinstance(error, DjangoError):
        error = error.__cause__
    if not isinstance(error, psycopg.Error):
        return None
    return error.sqlstate or ("" if isinstance(error, psycopg.OperationalError) else None)


def is_passing(error: BaseException) -> bool:
    """Whether the same may succeed a little later."""
    state = sqlstate(error)
    return state is not None and (state == "" or state.startswith("08") or state in PASSING)


def describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().rstrip(":")


Progress = Callable[[Outcome, int], None]  # what became of the schemas so far, how many there are
