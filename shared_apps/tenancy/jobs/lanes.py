"""The queue in which what a job starts waits: its own, behind the visits, when it came from the visits' queues.

Mornings start messages by the thousand. In the common queue they would stand before the sign-in mail that somebody
waits for, and take the workers from the visits that are still due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

VISITS = "jobs."  # and the number of a share
# Redis: a higher number is taken later, from whichever queue (kombu's steps are 0, 3, 6 and 9).
BEHIND_VISITS = 6

_queue: ContextVar[str | None] = ContextVar("lane", default=None)


@contextmanager
def of(delivery: Mapping[str, Any] | None) -> Iterator[None]:
    """Inside the block, what is published goes where the message that `delivery` tells of came from."""
    came_from = (delivery or {}).get("routing_key") or ""
    token = _queue.set(came_from if came_from.startswith(VISITS) else None)
    try:
        yield
    finally:
        _queue.reset(token)


def options() -> dict[str, Any]:
    """What to give Celery so that a message takes the lane of the job that runs now."""
    queue = _queue.get()
    return {"queue": queue, "priority": BEHIND_VISITS} if queue else {}
