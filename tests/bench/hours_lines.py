"""The reminders of 06:00 and 07:00 over a thousand organizations, few of which have somebody to remind."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import redis

from config.embedded import broker_url
from tests.bench import processes
from tests.bench.harness import Agent, Row, faster, near
from tests.bench.servers import Servers
from tests.bench.work_lines import DUE, WORKER, wait

HOURS = {"06:00": "scheduling.remind_tomorrow", "07:00": "finance.remind"}
DONE, FAN_OUT = "bench:one_by_one:done", "bench.one_by_one"  # as in one_by_one.py
LATEST = 60  # seconds after the hour


@dataclass
class Spent:
    """Of each round: seconds until the last organization is done, and CPU seconds of workers and database."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, cpu: Callable[[], float], work: Callable[[], None]) -> None:
        before, start = cpu(), time.perf_counter()
        work()
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(cpu() - before)

    def middle(self) -> tuple[float, float]:
        """Medians, without the first round, which warms."""
        return statistics.median(self.wall[1:]), statistics.median(self.cpu[1:])


def lines(servers: Servers, environment: dict[str, str], organizations: int, rounds: int) -> list[Row]:
    """Real workers, the same functions on the same database: visits of who has work, against a task for each.

    Until the last organization is done. The deliveries that both start alike come after it; they are waited for and not
    counted.
    """
    names = [f"h{number:04}" for number in range(organizations)]
    schemas = [f"org_{name}" for name in names]
    busy = schemas[:: max(1, len(schemas) // DUE)][:DUE]
    ours = Agent("tests.bench.side_hours", environment)
    ours.call("prepare", names=names, busy=busy)
    usual = environment | {"BENCH_BROKER": broker_url(servers.redis.replace("db=0", "db=2")), "BENCH_CONN_MAX_AGE": "0"}
    counter = redis.Redis.from_url(servers.redis)
    postmaster = processes.postmaster_pid(servers.ours)
    rows: list[Row] = []
    with (
        processes.process(["celery", "-A", "config", *WORKER], environment) as mine,
        processes.process(["celery", "-A", "tests.bench.one_by_one", *WORKER], usual) as theirs,
    ):
        for hour, job in HOURS.items():
            moments = iter(ours.call("fill", job=job, busy=busy, days=2 * (rounds + 1)))
            taken = {mine.pid: Spent(), theirs.pid: Spent()}

            def indexed(job: str = job, moments: object = moments) -> None:
                at = next(moments)  # type: ignore[call-overload]
                ours.call("dispatch", at=at)
                wait(lambda: ours.call("done", job=job, at=at) >= len(busy))

            def one_by_one(job: str = job, moments: object = moments) -> None:
                at = next(moments)  # type: ignore[call-overload]
                counter.delete(DONE)
                ours.call("send", broker=usual["BENCH_BROKER"], task=FAN_OUT, arguments=[schemas, job, at])
                wait(lambda: int(counter.get(DONE) or 0) >= len(schemas))

            for _ in range(rounds + 1):
                told = [ours.call("told", schemas=busy)]
                for pid, work in ((mine.pid, indexed), (theirs.pid, one_by_one)):
                    wait(lambda: ours.call("promised") == 0)  # what the other one's visits started is not this one's
                    taken[pid].measure(
                        lambda pid=pid: processes.cpu_of_tree(pid) + processes.cpu_of_tree(postmaster), work
                    )
                    told.append(ours.call("told", schemas=busy))
                if min(told[2] - told[1], told[1] - told[0]) < len(busy):
                    raise RuntimeError(f"{job}: not everybody was told: {told}")
            rows += _rows(f"reminders of {hour}", organizations, taken[mine.pid].middle(), taken[theirs.pid].middle())
    ours.close()
    return rows


def _rows(name: str, organizations: int, ours: tuple[float, float], theirs: tuple[float, float]) -> list[Row]:
    of_cpu = f"CPU of workers and database {ours[1]:.2f} s against {theirs[1]:.2f} s"
    return [
        faster(f"{name}, {organizations:,} organizations, {DUE} with work", ours[0], theirs[0], 50, note=of_cpu),
        near(f"{name}, lateness", ours[0], LATEST, 1, note="beat asks on the minute"),
    ]
