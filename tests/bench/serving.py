"""Eight connections serving a thousand organizations in no order: what their backends come to weigh."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection

from tests.bench.processes import private_bytes

TABLES = 5  # read by each request, as a page with its filters does


def serve(
    url: str,
    schemas: list[str],
    requests: int,
    connections: int,
    enter: Callable[[str], AbstractContextManager[Any]],
) -> dict[str, Any]:
    """Serve `requests` random requests; returns the curve [(requests served, MB of all backends)] and the seconds."""
    chooser = random.Random(7)
    order = [chooser.choice(schemas) for _ in range(requests)]
    models = [model for label in ("team", "activity", "clients") for model in apps.get_app_config(label).get_models()]

    def request(schema: str) -> None:
        with enter(schema):
            for model in models[:TABLES]:
                list(model.objects.values_list("pk")[:1])
        connection.close_if_unusable_or_obsolete()  # what Django does when a request has finished

    curve: list[tuple[int, float]] = [(0, 0.0)]
    seconds = 0.0
    with ThreadPoolExecutor(connections) as pool:
        for upto in (requests // 10, requests // 4, requests // 2, requests):
            start = time.perf_counter()
            list(pool.map(request, order[curve[-1][0] : upto]))
            seconds += time.perf_counter() - start
            curve.append((upto, backends(url)))
        list(pool.map(lambda _: connection.close(), range(connections * 4)))
    return {"curve": curve, "seconds": seconds}


def backends(url: str) -> float:
    """MB that the client backends of this database hold privately."""
    with psycopg.connect(url, autocommit=True) as monitor:
        pids = monitor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
        return sum(private_bytes(pid) for (pid,) in pids) / 1e6
