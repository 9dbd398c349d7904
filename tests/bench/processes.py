"""Processes a measurement needs for a while, and the CPU time that they and PostgreSQL use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg

from tests.bench.harness import ROOT

LOG = Path(os.environ.get("BENCH_LOG", os.devnull))


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, ended (with its children) at the end."""
    with LOG.open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        children = psutil.Process(started.pid).children(recursive=True) if started.poll() is None else []
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(10)
        for child in children:
            if child.is_running():
                child.kill()


@contextmanager
def web(
    wsgi: str, port: int, environment: dict[str, str], host: str, path: str, headers: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """One gunicorn worker with two threads, warmed until `path` answers 200."""
    command = ["gunicorn", wsgi, "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "2", "-w", "1"]
    with process([*command, "--log-level", "error"], environment) as server:
        deadline = time.monotonic() + 60
        while True:
            try:
                status, _ = fetch(port, host, path, headers)
            except OSError:
                status = 0
            if status == 200:
                break
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError(f"{wsgi} did not answer {path} on {host}: last status {status}")
            time.sleep(0.1)
        yield server


def fetch(port: int, host: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def load(port: int, host: str, path: str, headers: dict[str, str], requests: int) -> list[float]:
    """Seconds of each of `requests` GETs, one after another on one kept-alive connection. Raises unless all are 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    taken = []
    for _ in range(requests):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Host": host, **headers})
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - start)
        if response.status != 200:
            raise RuntimeError(f"{path} on {host}: {response.status}")
    connection.close()
    return taken


def cpu_of_tree(pid: int) -> float:
    """CPU seconds of a process, its living descendants, and the dead children it waited for."""
    root = psutil.Process(pid)
    total = 0.0
    for member in [root, *root.children(recursive=True)]:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def postmaster_pid(url: str) -> int:
    with psycopg.connect(url) as connection:
        return psutil.Process(connection.info.backend_pid).ppid()


def private_bytes(pid: int) -> int:
    """Memory that belongs to this process alone (shared buffers left out)."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(("Private_Clean:", "Private_Dirty:")):
            total += int(line.split()[1]) * 1024
    return total
