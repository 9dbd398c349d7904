"""Which jobs exist. A job is declared where its function is; everybody else calls it by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from inspect import Signature, signature
from typing import Any, Literal, TypeVar

from celery import shared_task
from django.utils.functional import Promise

from shared_apps.tenancy.jobs.base import OrganizationTask, PlatformTask
from shared_apps.tenancy.jobs.schedule import Daily, Every, Schedule

F = TypeVar("F", bound=Callable[..., Any])
NextDue = Callable[[], datetime | None] | Callable[[datetime], datetime | None]


class UnknownJob(LookupError):
    """No job has this name."""


class Kind(StrEnum):
    ORGANIZATION = "organization"  # runs in the schema from which it was enqueued
    PLATFORM = "platform"  # runs in public


@dataclass(frozen=True)
class Job:
    """A declared job."""

    name: str
    kind: Kind
    function: Callable[..., Any]
    atomic: bool = True
    schedule: Schedule | None = None  # when it runs by itself
    next_due: NextDue | None = None  # asks the active organization's own rows when it must run
    label: str | Promise = ""  # what people are told it does; empty: nobody is told of it
    signature: Signature = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signature", signature(self.function))

    def due_after(self, now: datetime) -> datetime | None:
        """What the active organization answers when it is asked at `now`; None: nothing is due."""
        if self.next_due is None:
            return None
        return self.next_due(*[now][: len(signature(self.next_due).parameters)])

    @property
    def is_visiting(self) -> bool:
        """Whether the dispatcher takes it to the organizations."""
        return self.kind is Kind.ORGANIZATION and bool(self.schedule or self.next_due)

    @property
    def takes_now(self) -> bool:
        """Whether its function is given the time (`now`, aware): a visiting job never asks the clock."""
        return self.is_visiting


_jobs: dict[str, Job] = {}


def get(name: str) -> Job:
    """The job of this name. Raises UnknownJob."""
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJob(f"No job is called {name!r}. There are: {', '.join(sorted(_jobs))}.") from None


def all_jobs() -> list[Job]:
    """Every declared job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def visiting_jobs() -> list[Job]:
    """Those that the dispatcher takes to the organizations."""
    return [job for job in all_jobs() if job.is_visiting]


def organization_task(name: str, *, atomic: bool = True) -> Callable[[F], F]:
    """Declare a job that runs inside one organization, in one transaction. The function stays as it is.

    With `atomic=False` it opens its own transactions, as a job must that speaks to a provider, and may run twice.
    """
    return lambda function: _declare(Job(name, Kind.ORGANIZATION, function, atomic), function)


def platform_task(name: str, *, atomic: bool = True, **options: Any) -> Callable[[F], F]:
    """Declare a job that runs in public. `options` are Celery's, such as `time_limit`."""
    return lambda function: _declare(Job(name, Kind.PLATFORM, function, atomic), function, **options)


def periodic(
    name: str,
    *,
    at: str | None = None,
    every: timedelta | None = None,
    jitter: timedelta = timedelta(),
    work: Literal["all", "indexed"] = "all",
    next_due: NextDue | None = None,
    label: str | Promise = "",
) -> Callable[[F], F]:
    """Declare a job that the dispatcher takes to the organizations; its function takes `now`.

    It may return a small dict of counts, which the ledger keeps; `label` is its name for the organization's owner.

    `work="all"`: to each active one, `at` a local time ("02:00") of its own time zone or `every` so often, up to
    `jitter` later. `work="indexed"`: only where `due.mark()` said so, and again at what `next_due()`, called inside the
    organization after each run, answers (None: nothing more to do); it may take the time of the run.
    """
    if work == "indexed":
        if next_due is None or at or every or jitter:
            raise ValueError(f"{name}: an indexed job has next_due and nothing else")
        return lambda function: _declare(
            Job(name, Kind.ORGANIZATION, function, next_due=next_due, label=label), function
        )
    schedule = _schedule(name, at, every, jitter)
    if next_due is not None:
        raise ValueError(f"{name}: next_due goes with work='indexed'")
    return lambda function: _declare(Job(name, Kind.ORGANIZATION, function, schedule=schedule, label=label), function)


def platform_periodic(
    name: str, *, at: str | None = None, every: timedelta | None = None, atomic: bool = True, **options: Any
) -> Callable[[F], F]:
    """Declare a job that beat starts in public, `at` a time in UTC or `every` so often."""
    schedule = _schedule(name, at, every, timedelta())
    return lambda function: _declare(Job(name, Kind.PLATFORM, function, atomic, schedule), function, **options)


def _schedule(name: str, at: str | None, every: timedelta | None, jitter: timedelta) -> Schedule:
    if (at is None) == (every is None):
        raise ValueError(f"{name}: give either at or every")
    longest = every or timedelta(days=1)
    if not timedelta() <= jitter < longest:
        raise ValueError(f"{name}: the jitter must be shorter than the time from one run to the next")
    return Daily(time.fromisoformat(at), jitter) if at else Every(longest, jitter)


def _declare(job: Job, function: F, **options: Any) -> F:
    known = _jobs.get(job.name)
    if known and known.function.__qualname__ != function.__qualname__:
        raise ValueError(f"two jobs are called {job.name!r}: {known.function!r} and {function!r}")
    _jobs[job.name] = job
    base = OrganizationTask if job.kind is Kind.ORGANIZATION else PlatformTask
    shared_task(name=job.name, base=base, job=job, **options)(function)  # type: ignore[no-untyped-call]
    return function
