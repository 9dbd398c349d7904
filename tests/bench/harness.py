"""Measuring two things side by side: agents, interleaved rounds, medians, and the rows of the table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Row:
    """One line of the table. `ours`, `theirs`, `limit` in `unit`; `ratio` is what `goal` speaks about."""

    name: str
    ours: float
    theirs: float | None
    limit: float | None
    ratio: float
    goal: str
    met: bool
    unit: str = "s"
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def faster(name: str, ours: float, theirs: float, times: float, *, unit: str = "s", note: str = "") -> Row:
    """A row whose goal is to be at least `times` better (smaller) than plain django-tenants."""
    ratio = theirs / ours
    return Row(name, ours, theirs, None, ratio, f">= {times:g}x", ratio >= times, unit, note)


def near(name: str, ours: float, limit: float, times: float, *, unit: str = "s", note: str = "") -> Row:
    """A row whose goal is to need at most `times` what the bare limit needs."""
    ratio = ours / limit
    return Row(name, ours, None, limit, ratio, f"<= {times:g}x", ratio <= times, unit, note)


class Agent:
    """One project's process. `call("name", key=value)` runs a function of its module there."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.agent", module],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, function: str, **arguments: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"call": function, "args": arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The benchmark's process ended during {function}().")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def interleave(rounds: int, **ways: Callable[[], float]) -> dict[str, float]:
    """Run every way once a round, in turn (reversed every other round); returns each way's median."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        order = list(ways) if number % 2 == 0 else list(reversed(ways))
        for name in order:
            taken[name].append(ways[name]())
    return {name: statistics.median(values) for name, values in taken.items()}


def run(command: list[str], environment: dict[str, str]) -> float:
    """Seconds a whole process takes. Raises with its output when it fails."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return seconds
