"""What a firm with years of visits and money costs, asked of Colmeia's process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time as clock
from typing import Any

import psutil
from django.db import connection
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context
from tests.bench import side_ours
from tests.bench.side_pages import browser_of

YEARS, ROUTES = "years", "routes"
ROUNDS = 5


def fill() -> dict[str, int]:
    """Five years of a firm: about 50,000 visits and 100,000 entries."""
    from tenant_apps.dashboard import demo

    organization = _opened(YEARS)
    with context.enter(organization.schema_name):
        made = demo.fill(organization, size="large", now=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"appointments": made.appointments, "entries": made.entries}


def page(path: str) -> dict[str, float]:
    """Statements, seconds in the database and seconds in all of one request, the best of some, once it is warm."""
    browser, best = browser_of(YEARS), {"statements": 0.0, "database": 0.0, "whole": float("inf")}
    with context.activate(None):
        browser.get(path)
        for _ in range(ROUNDS):
            with _watched() as spent:
                start = time.perf_counter()
                answer = browser.get(path)
                whole = time.perf_counter() - start
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
            if whole < best["whole"]:
                best = {"statements": len(spent), "database": sum(spent), "whole": whole}
    return best


@contextmanager
def _watched() -> Iterator[list[float]]:
    spent: list[float] = []

    def time_it(execute: Any, sql: str, params: Any, many: bool, ctx: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, ctx)
        finally:
            spent.append(time.perf_counter() - start)

    with connection.execute_wrapper(time_it):
        yield spent


def generate(contracts: int, professionals: int) -> dict[str, float]:
    """Seconds of the night's job for a firm of so many weekly contracts, none of whose visits is made."""
    from tenant_apps.clients.models import Client
    from tenant_apps.scheduling.models import Contract
    from tenant_apps.scheduling.services import generate_visits, policy
    from tenant_apps.team.models import Member

    organization = _opened(ROUTES)
    now = timezone.now()
    today = timezone.localdate(now)
    with context.enter(organization.schema_name):
        with connection.cursor() as cursor:
            cursor.execute(side_ours.CLIENTS, {"clients": contracts})
        people = Member.objects.bulk_create(
            [
                Member(user_id=User().pk, name=f"P {n}", email=f"p{n}@x.example", role="staff")
                for n in range(professionals)
            ]
        )
        Contract.objects.bulk_create(
            [
                Contract(
                    client=client, title="Piscina", rrule=f"FREQ=WEEKLY;BYDAY={DAYS[number % 5]}", starts_on=today,
                    time=clock(7 + number // (5 * professionals) % 11), duration_minutes=50,
                    member_ids=[people[number // 5 % professionals].pk],
                )
                for number, client in enumerate(Client.objects.order_by("pk"))
            ]
        )  # fmt: skip
        weeks = policy().weeks_ahead
        start, cpu = time.perf_counter(), time.process_time()
        made = generate_visits(today=today, now=now)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        again = generate_visits(today=today, now=now)
    if made < contracts * (weeks - 1) or again:
        raise RuntimeError(f"{made} visits of {contracts} contracts, and {again} more the second time")
    return {"seconds": seconds, "cpu": cpu, "visits": made, "weeks": weeks}


DAYS = ("MO", "TU", "WE", "TH", "FR")


def entries_as_csv() -> dict[str, float]:
    """Seconds, megabytes sent, and megabytes by which the process grew while it sent them."""
    from tenant_apps.finance import export
    from tenant_apps.finance.models import Entry

    process = psutil.Process(os.getpid())
    with context.enter(f"org_{YEARS}"):
        today = timezone.localdate()
        for _ in export.csv_lines(Entry.objects.all()[:5000], today=today, language="pt-br"):
            pass  # what is loaded once is loaded now
        before = highest = process.memory_info().rss
        sent, start = 0, time.perf_counter()
        for lines in export.csv_lines(Entry.objects.all(), today=today, language="pt-br"):
            sent += len(lines)
            highest = max(highest, process.memory_info().rss)
        return {
            "seconds": time.perf_counter() - start,
            "sent": sent / 1e6,
            "grown": (highest - before) / 1e6,
            "entries": Entry.objects.count(),
        }


def _opened(slug: str) -> Organization:
    """The organization, made, with its owner at work in it."""
    side_ours.organizations([slug])
    organization = Organization.objects.get(slug=slug)
    owner = User.objects.get(email="owner@bench.example")
    with context.enter(organization.schema_name):
        members_changed.send(Organization, organization=organization, user_ids=[owner.pk])
    return organization
