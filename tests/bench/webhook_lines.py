"""Webhooks: how fast a gateway is answered while many ring, and how fast what was stored is worked off."""

from __future__ import annotations

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

from billing.gateways import signatures
from tests.bench import processes
from tests.bench.harness import Agent, Row, near
from tests.billing.sandboxes import SECRET
from tests.e2e.server import unused_port

ORGANIZATIONS, EVENTS = 100, 10_000
RATE, SECONDS, WARM = 100, 15, 50
PATIENCE = 600.0  # seconds
WORKER = ["worker", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "error"]


def lines(
    mine: dict[str, str],
    rounds: int,
    *,
    organizations: int = ORGANIZATIONS,
    events: int = EVENTS,
    seconds: int = SECONDS,
) -> list[Row]:
    environment = {
        **mine, "BILLING_GATEWAY": "sandbox", "SANDBOX_URL": f"http://127.0.0.1:{unused_port()}",
        "SANDBOX_SECRET": SECRET,
    }  # fmt: skip
    agent = Agent("tests.bench.side_webhooks", environment)
    try:
        agent.call("setup", organizations=organizations)
        rows = [_answers(environment, agent.call("references"), seconds), _drained(environment, agent, rounds, events)]
        agent.call("finish")
        return rows
    finally:
        agent.close()


def _answers(environment: dict[str, str], references: list[str], seconds: int) -> Row:
    """Rung at a fixed rate, whether the last one was answered or not."""
    port = unused_port()
    with (
        processes.web("config.wsgi", port, environment, "localhost", "/healthz", {}),
        ThreadPoolExecutor(32) as pool,
    ):
        for number in range(WARM):  # its threads connect to the database and the broker
            _ring(port, time.perf_counter(), f"warm_{number}", references[0])
        start = time.perf_counter() + 0.5
        rings = [
            pool.submit(_ring, port, start + number / RATE, f"evt_{number}", references[number % len(references)])
            for number in range(RATE * seconds)
        ]
        taken = sorted(ring.result() for ring in rings)
    return near(
        f"webhook answered, 99 of 100, {RATE} a second", taken[int(len(taken) * 0.99)], 0.2, 1,
        note=f"median {statistics.median(taken) * 1000:.1f} ms; counted from when it was to be rung",
    )  # fmt: skip


def _ring(port: int, at: float, id: str, reference: str) -> float:
    payload: dict[str, Any] = {
        "id": id, "type": "invoice.paid", "created": "2026-11-28T12:00:00+00:00",
        "data": {"object": {"id": "inv_1", "kind": "invoice", "reference": reference}},
    }  # fmt: skip
    body = json.dumps(payload).encode()
    time.sleep(max(at - time.perf_counter(), 0))
    headers = {
        "Host": "localhost", "Content-Type": "application/json",
        "Sandbox-Signature": signatures.sign(body, SECRET, at=int(time.time())),
    }  # fmt: skip
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/webhooks/sandbox/", body=body, headers=headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"a webhook was answered {status}")
    return time.perf_counter() - at


def _drained(environment: dict[str, str], agent: Agent, rounds: int, events: int) -> Row:
    ours, bare = [], []
    with processes.process(["celery", "-A", "tests.bench.ours_webhooks", *WORKER], environment):
        agent.call("bare", rows=100, patience=PATIENCE)  # the worker is up and warm
        for _round in range(rounds):
            agent.call("store", events=events)
            ours.append(agent.call("drain", patience=PATIENCE))
            bare.append(agent.call("bare", rows=events, patience=PATIENCE))
    return near(
        f"{events:,} stored events worked off, against bare rows through Celery",
        statistics.median(ours), statistics.median(bare), 1 / 0.6,
        note="all that wait for one organization are answered by one fetch",
    )  # fmt: skip
