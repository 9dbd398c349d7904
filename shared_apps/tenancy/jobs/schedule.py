"""When a periodic job is due. Pure arithmetic: the time is always an argument."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Slot(NamedTuple):
    """`at` names the run (the same whoever computes it), `due_at` is when to start it. Both are aware, in UTC."""

    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a local day. A time that the clocks skip happens as much later, one that comes twice the first time."""

    at: time
    jitter: timedelta = timedelta()

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first slot strictly after `now`; those missed before it are not made up for."""
        today = now.astimezone(zone).date()
        slots = (
            datetime.combine(today + timedelta(days=days), self.at, tzinfo=zone).astimezone(UTC)
            for days in range(-1, 3)  # a zone may have moved across the date line
        )
        return next(slot for slot in slots if slot > now)


@dataclass(frozen=True, slots=True)
class Every:
    """At whole multiples of an interval, counted from 1970-01-01 00:00 UTC; the time zone plays no part."""

    interval: timedelta
    jitter: timedelta = timedelta()

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first slot strictly after `now`."""
        return EPOCH + ((now - EPOCH) // self.interval + 1) * self.interval


Schedule = Daily | Every


def next_slot(schedule: Schedule, now: datetime, *, timezone: str, schema: str, job: str) -> Slot:
    """The next run of a job in one organization, spread by its jitter."""
    at = schedule.next_after(now, ZoneInfo(timezone))
    return Slot(at, at + spread(schedule.jitter, schema, job))


def spread(jitter: timedelta, schema: str, job: str) -> timedelta:
    """A delay from 0 up to `jitter`, in whole seconds: always the same for a schema and a job."""
    seconds = int(jitter.total_seconds())
    if not seconds:
        return timedelta()
    digest = hashlib.sha256(f"{schema}:{job}".encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:8]) % seconds)


def backoff(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after the `attempts`-th failure: twice as long each time."""
    return min(longest, first * 2 ** min(max(attempts - 1, 0), 30))
