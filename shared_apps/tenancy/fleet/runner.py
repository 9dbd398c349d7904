"""A run over the fleet: the template first, then canaries, then waves."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from django.conf import settings

from shared_apps.tenancy import context, executor, routing, template
from shared_apps.tenancy.fleet import detect, plan, truth
from shared_apps.tenancy.fleet.detect import Laggard
from shared_apps.tenancy.fleet.mover import Mover
from shared_apps.tenancy.fleet.plan import Applied, Plan
from shared_apps.tenancy.fleet.report import Report, Stage
from shared_apps.tenancy.fleet.work import Outcome, Queue, Work
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE

STATEMENTS_PER_TRANSACTION = 16  # a group of schemas shares a transaction while its statements stay this few
NAMED = 20  # more schemas than this are not announced one by one
POLL = 0.1  # seconds between two looks at the progress

Progress = Callable[[Outcome, int], None]  # what became of the schemas so far; how many there are


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. A stage in which more than `max_failures` percent (but at least two) fail stops the run."""

    only_failed: bool = False
    schemas: tuple[str, ...] | None = None  # these alone
    canaries: tuple[str, ...] | None = None  # by name; None: `canary_count` of them
    canary_count: int = field(default_factory=lambda: settings.TENANCY_FLEET_CANARIES)
    waves: tuple[int, ...] = field(default_factory=lambda: tuple(settings.TENANCY_FLEET_WAVES))  # percent, cumulated
    max_failures: int = field(default_factory=lambda: settings.TENANCY_FLEET_MAX_FAILURES)  # percent of a stage


def migrate(options: Options | None = None, *, progress: Progress | None = None) -> Report:
    """Bring every schema to head. One schema's failure is its own; the report tells of all.

    A KeyboardInterrupt lets what is in flight finish; the report then says `interrupted`.
    """
    options = options or Options()
    report = Report(head=current_head())
    with context.public():
        before = _bring_template_to_head(report)
        laggards = detect.behind(only_failed=options.only_failed, schemas=options.schemas)
        if laggards:
            _Run(options, report, progress or (lambda outcome, total: None)).over(laggards, before)
    report.finish()
    return report


def _bring_template_to_head(report: Report) -> dict[str, Applied]:
    """Migrate the template, which makes the scripts. Returns what its stamp meant before: others bear the same."""
    started = time.monotonic()
    record = Schema.objects.filter(name=TEMPLATE).first()
    if record and record.state == Schema.State.READY and record.head == current_head():
        return {}
    known = {record.head: frozenset(executor.applied(TEMPLATE))} if record and record.head else {}
    template.ensure()
    report.template_ms = (time.monotonic() - started) * 1000
    return known


class _Run:
    def __init__(self, options: Options, report: Report, progress: Progress) -> None:
        self.options, self.report, self.progress = options, report, progress
        self.outcome = Outcome()
        self.queue = Queue()
        self.movers = [Mover(self.queue, self.outcome) for _ in range(max(1, settings.TENANCY_FLEET_CONNECTIONS))]
        self.total = 0

    def over(self, laggards: Sequence[Laggard], before: dict[str, Applied]) -> None:
        self.total = len(laggards)
        plans = dict(_plans(laggards, before))
        try:
            for label, members in _stages(laggards, self.options):
                if not self._stage(label, [(one, plans[one.name]) for one in members]):
                    break
        finally:
            for mover in self.movers:
                mover.wire.close()
            self.report.take(self.outcome, total=self.total)

    def _stage(self, label: str, members: Sequence[tuple[Laggard, Plan]]) -> bool:
        """Move these schemas; whether the run may go on."""
        started, failed, seen = time.monotonic(), len(self.outcome.failed), len(self.outcome.done)
        self.queue.put(_groups(members, len(self.movers)))
        self._work(min(len(self.movers), len(members)))
        failures = len(self.outcome.failed) - failed
        self.report.stages.append(Stage(label, len(members), failures, (time.monotonic() - started) * 1000))
        _announce(members, self.outcome.done[seen:])
        if self.report.interrupted:
            return False
        if failures > max(1, len(members) * self.options.max_failures // 100):
            self.report.stopped_after = label
            return False
        return True

    def _work(self, number: int) -> None:
        """Have the movers empty the queue; Ctrl-C stops it, a second one also cancels what is in flight."""
        ended: SimpleQueue[None] = SimpleQueue()  # not Thread.join: interrupted, it takes a living thread for dead

        def work(mover: Mover) -> None:
            try:
                mover.work()
            finally:
                ended.put(None)

        for mover in self.movers[:number]:
            threading.Thread(target=work, args=[mover], daemon=True).start()
        while number:
            try:
                self.progress(self.outcome, self.total)
                ended.get(timeout=POLL)
                number -= 1
            except Empty:
                continue
            except KeyboardInterrupt:
                if self.report.interrupted:
                    for mover in self.movers:
                        mover.wire.cancel()
                self.report.interrupted = True
                self.queue.stop()
        self.progress(self.outcome, self.total)


def _plans(laggards: Sequence[Laggard], before: dict[str, Applied]) -> Iterator[tuple[str, Plan]]:
    """A plan for each schema; one object for all in the same position."""
    made: dict[Applied, Plan] = {}
    unknown = [one.name for one in laggards if one.head not in before]
    found = dict(truth.applied(unknown))
    for one in laggards:
        applied = before[one.head] if one.head in before else found[one.name] or frozenset()
        if applied not in made:
            made[applied] = plan.build(applied)
        yield one.name, made[applied]


def _stages(laggards: Sequence[Laggard], options: Options) -> Iterator[tuple[str, list[Laggard]]]:
    """Canaries, then waves. Organizations make better canaries than empty pool schemas."""
    if options.canaries is not None:
        canaries = [one for one in laggards if one.name in options.canaries]
    elif len(laggards) > options.canary_count:
        canaries = sorted(laggards, key=lambda one: one.kind != Schema.Kind.ORGANIZATION)[: options.canary_count]
    else:
        canaries = []
    if canaries:
        yield "canary", canaries
    rest = [one for one in laggards if one not in set(canaries)]
    start = 0
    for percent in [*options.waves, 100]:
        end = math.ceil(len(rest) * min(percent, 100) / 100)
        if end > start:
            yield f"{min(percent, 100)}%", rest[start:end]
            start = end


def _groups(members: Iterable[tuple[Laggard, Plan]], connections: int) -> Iterator[Work]:
    """Schemas in the same position share a transaction, a few at a time."""
    positions: dict[tuple[Plan, str], list[str]] = {}
    for one, its_plan in members:
        positions.setdefault((its_plan, one.head), []).append(one.name)
    for (its_plan, head), names in positions.items():
        longest = max(len(step.statements or ()) for step in its_plan.steps)
        size = min(
            settings.TENANCY_FLEET_SCHEMAS_PER_TRANSACTION,
            STATEMENTS_PER_TRANSACTION // max(1, longest),
            math.ceil(len(names) / connections),
        )
        for start in range(0, len(names), max(1, size)):
            yield Work(tuple(names[start : start + max(1, size)]), its_plan, head)


def _announce(members: Iterable[tuple[Laggard, Plan]], done: Iterable[str]) -> None:
    """Tell the web processes which organizations have caught up."""
    kinds = {one.name: one.kind for one, _ in members}
    organizations = [name for name in done if kinds.get(name) == Schema.Kind.ORGANIZATION]
    if len(organizations) > NAMED:
        routing.forget_everything()
        return
    for name in organizations:
        routing.forget(schema=name)
