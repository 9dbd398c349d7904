"""What the fleet's connections share: the queue of schemas to move, and what became of each."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count

from shared_apps.tenancy.fleet.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Work:
    """Some schemas in the same position of the same plan, to be moved one step in one transaction."""

    names: tuple[str, ...]
    plan: Plan
    expected: str  # their stamp
    position: int = 0
    attempts: int = 0
    looked: bool = False  # whether the plan was made from what the schema itself says, not from its stamp

    @property
    def step(self) -> Step:
        return self.plan.steps[self.position]

    @property
    def is_last(self) -> bool:
        return self.position == len(self.plan.steps) - 1

    def next(self) -> Work | None:
        if self.is_last:
            return None
        return replace(self, position=self.position + 1, expected=self.step.head, attempts=0)

    def apart(self) -> list[Work]:
        return [replace(self, names=(name,)) for name in self.names]


@dataclass
class Queue:
    """Work to do, some of it not before a moment. Ends when nothing waits and nobody works."""

    ready: deque[Work] = field(default_factory=deque)
    _later: list[tuple[float, int, Work]] = field(default_factory=list)
    _busy: int = 0
    _stopped: bool = False
    _numbers: count[int] = field(default_factory=count)
    _change: threading.Condition = field(default_factory=threading.Condition)

    def put(self, work: Iterable[Work], *, delay: float = 0.0) -> None:
        """Add work, ready after `delay` seconds."""
        with self._change:
            for item in work:
                if delay:
                    heappush(self._later, (time.monotonic() + delay, next(self._numbers), item))
                else:
                    self.ready.append(item)
            self._change.notify_all()

    def take(self) -> Work | None:
        """The next work, or None when all is done or stopped. The taker calls `done()` after each."""
        with self._change:
            while not self._stopped:
                now = time.monotonic()
                while self._later and self._later[0][0] <= now:
                    self.ready.append(heappop(self._later)[2])
                if self.ready:
                    self._busy += 1
                    return self.ready.popleft()
                if not self._later and not self._busy:
                    return None
                self._change.wait(self._later[0][0] - now if self._later else None)
            return None

    def done(self) -> None:
        with self._change:
            self._busy -= 1
            self._change.notify_all()

    def stop(self) -> None:
        """Give out nothing more; what is in flight ends by itself."""
        with self._change:
            self._stopped = True
            self._change.notify_all()


@dataclass
class Outcome:
    """What became of the schemas. Lists only grow, so the main thread may read while the others write."""

    done: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)  # another run was faster, or the schema is no longer ours
    failed: dict[str, str] = field(default_factory=dict)  # schema: error
    retries: int = 0

    @property
    def finished(self) -> int:
        return len(self.done) + len(self.elsewhere) + len(self.failed)
