"""A daily job over a thousand organizations, and the memory of the connections that serve them."""

from __future__ import annotations

import statistics
import time

import psycopg
import redis

from config.embedded import broker_url
from tests.bench import processes
from tests.bench.harness import Agent, Row, faster, near
from tests.bench.servers import Servers
from tests.bench.vanilla.jobs import DONE, FAN_OUT

DUE = 20
PATIENCE = 300  # seconds
WORKER = ["worker", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "error"]
CONNECTIONS, REQUESTS = 8, 5000


def daily_job(
    servers: Servers,
    mine_env: dict[str, str],
    theirs_env: dict[str, str],
    ours: Agent,
    vanilla: Agent,
    names: list[str],
    rounds: int,
) -> list[Row]:
    """From the moment it is due until the last organization is done, real workers on both sides."""
    mine = [f"org_{name}" for name in names]
    due = mine[:: len(mine) // DUE][:DUE]
    their_due = names[:: len(names) // DUE][:DUE]
    their_env = theirs_env | {"BENCH_BROKER": broker_url(servers.redis.replace("db=0", "db=1"))}
    marked, unmarked, took, theirs = [], [], [], []
    counter = redis.Redis.from_url(servers.redis)
    with (
        processes.process(["celery", "-A", "tests.bench.ours_celery", *WORKER], mine_env),
        processes.process(["celery", "-A", "tests.bench.vanilla.jobs", *WORKER], their_env),
    ):
        ours.call("undone", schemas=due)
        for number in range(rounds + 1):  # the first warms both
            unmarked.append(ours.call("write_without_index", schemas=due))
            marked.append(ours.call("mark_due", schemas=due))
            start = time.perf_counter()
            ours.call("dispatch")
            wait(lambda: ours.call("undone", schemas=due) == 0)
            took.append(time.perf_counter() - start)
            vanilla.call("mark_due", schemas=their_due)
            counter.delete(DONE)
            start = time.perf_counter()
            vanilla.call("send", broker=their_env["BENCH_BROKER"], task=FAN_OUT, arguments=[names])
            wait(lambda: int(counter.get(DONE) or 0) >= len(names))
            theirs.append(time.perf_counter() - start)
            if number == 0:
                for values in (marked, unmarked, took, theirs):
                    values.clear()
    with_index, without = statistics.median(marked) / DUE, statistics.median(unmarked) / DUE
    return [
        faster(
            f"daily job, {len(names):,} organizations, {DUE} with work",
            statistics.median(took),
            statistics.median(theirs),
            50,
        ),
        near(
            "writing a row with its due mark, against the row alone",
            with_index * 1000,
            without * 1000,
            2,
            unit="ms",
            note="the due index's write cost: one statement in the row's own transaction",
        ),
    ]


def wait(done: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError("The workers did not finish.")
        time.sleep(0.02)  # asking takes from the two cores what the workers need


def memory(servers: Servers, ours: Agent, vanilla: Agent, names: list[str]) -> list[Row]:
    """What eight connections weigh after they have served a thousand organizations."""
    _settle(servers)
    mine = ours.call(
        "serve",
        url=servers.ours,
        schemas=[f"org_{name}" for name in names],
        requests=REQUESTS,
        connections=CONNECTIONS,
    )
    theirs = vanilla.call("serve", url=servers.vanilla, schemas=names, requests=REQUESTS, connections=CONNECTIONS)
    print("  requests served      ours MB   plain shared pool MB")
    for (served, own), (_, other) in zip(mine["curve"], theirs["curve"], strict=True):
        print(f"  {served:15,} {own:12.0f} {other:16.0f}")
    seconds = f"{mine['seconds']:.1f} s against {theirs['seconds']:.1f} s"
    note = f"a connection is renewed after {mine['limit']} schemas; {seconds}"
    return [
        faster(
            f"memory of {CONNECTIONS} backends, {len(names):,} organizations served",
            mine["curve"][-1][1],
            theirs["curve"][-1][1],
            2.5,
            unit="MB",
            note=note,
        )
    ]


def _settle(servers: Servers) -> None:
    for url in (servers.ours, servers.vanilla):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
