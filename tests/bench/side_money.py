"""What the money of years costs, asked of Colmeia's process."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import time
import tracemalloc
from typing import Any

import psutil
from django.db import connection
from django.utils import timezone, translation
from pypdf import PdfReader

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.bench import side_day
from tests.bench.side_pages import browser_of

SCHEMA = f"org_{side_day.YEARS}"
TABLES = re.compile(r'FROM "(\w+)"')
EXPLAIN = "EXPLAIN (ANALYZE, FORMAT JSON) "
ROUNDS = 3


def fill() -> dict[str, int]:
    """The firm of side_day, unless that has made it already."""
    from tenant_apps.finance.models import Entry
    from tenant_apps.scheduling.models import Appointment

    if not Organization.objects.filter(slug=side_day.YEARS).exists():
        return side_day.fill()
    with context.enter(SCHEMA):
        return {"appointments": Appointment.objects.count(), "entries": Entry.objects.count()}


def dashboard() -> dict[str, Any]:
    """Its statements, and the seconds PostgreSQL says that planning and executing them takes, the best of some."""
    browser, asked = browser_of(side_day.YEARS), []

    def keep(execute: Any, sql: str, params: Any, many: bool, ctx: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, ctx)

    with context.activate(None):
        browser.get("/")
        with connection.execute_wrapper(keep):
            answer = browser.get("/")
    if answer.status_code != 200:
        raise RuntimeError(f"the dashboard answered {answer.status_code}")
    spent: list[tuple[float, str]] = []
    with context.enter(SCHEMA), connection.cursor() as cursor:
        for sql, params in asked:
            if not sql.lstrip("( ").startswith(("SELECT", "WITH")):
                continue
            spent.append((min(_seconds(cursor, sql, params) for _ in range(ROUNDS)), _told(sql)))
    worst = max(spent)
    return {
        "statements": len(asked),
        "executed": sum(seconds for seconds, _sql in spent),
        "slowest": f"{worst[0] * 1000:.0f} ms of {worst[1]}",
    }


def _seconds(cursor: Any, sql: str, params: Any) -> float:
    cursor.execute(EXPLAIN + sql, params)
    (plan,) = cursor.fetchone()
    told = (json.loads(plan) if isinstance(plan, str) else plan)[0]
    return float(told["Planning Time"] + told["Execution Time"]) / 1000


def _told(sql: str) -> str:
    found = TABLES.search(sql)
    return found[1] if found else sql[:40]


def entries_as_csv(rows: int) -> dict[str, float]:
    """MB that Python holds at most, and by which the process grows, while so many entries are sent; seconds of CPU."""
    from tenant_apps.finance import export
    from tenant_apps.finance.models import Entry

    process = psutil.Process(os.getpid())
    with context.enter(SCHEMA):
        today, found = timezone.localdate(), Entry.objects.order_by("due_on", "id")
        for _ in export.csv_lines(found[:5000], today=today, language="pt-br"):
            pass  # what is loaded once is loaded now
        before = highest = process.memory_info().rss
        sent, start = 0, time.process_time()
        for lines in export.csv_lines(found[:rows], today=today, language="pt-br"):
            sent += len(lines)
            highest = max(highest, process.memory_info().rss)
        cpu = time.process_time() - start
        tracemalloc.start()
        for _ in export.csv_lines(found[:rows], today=today, language="pt-br"):
            pass
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return {"grown": (highest - before) / 1e6, "peak": peak / 1e6, "sent": sent / 1e6, "cpu": cpu}


def entries_as_pdf(rows: int) -> dict[str, float]:
    """Seconds and MB of the whole process, which has made nothing else, for a report of about so many entries."""
    from tenant_apps.finance.models import Entry
    from tenant_apps.reports.asked import Asked
    from tenant_apps.reports.catalogue import REPORTS
    from tenant_apps.reports.services.files import Order, write_file

    out = io.BytesIO()
    with context.enter(SCHEMA), translation.override("pt-br"):
        days = list(Entry.objects.order_by("-due_on").values_list("due_on", flat=True)[: rows + 1])
        order = Order(REPORTS["entries"], Asked(first=days[-1], last=days[0]), "pdf")
        start, clock = time.process_time(), time.perf_counter()
        write_file(order, out, now=timezone.now())
    return {
        "cpu": time.process_time() - start,
        "seconds": time.perf_counter() - clock,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "sent": out.tell() / 1e6,
        "pages": len(PdfReader(out).pages),
    }
