"""The demo firm's years: a pool cleaner's routes, readings and money, up to the very day it is asked for.

Deterministic: the same seed and the same day make the same firm. Rows are written in bulk, past the services, which
would take minutes for what five years hold; so what they derive (bookings, sums paid) is written here as they would,
and every job is asked when it has something to do, which services say row by row.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db import transaction

from shared_apps.organizations.enrolment import NotADemo
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from shared_apps.tenancy.jobs import all_jobs, due
from tenant_apps.clients import demo as book
from tenant_apps.clients.models import Client
from tenant_apps.dashboard.demo import bank, clients, money, reports, routes, team
from tenant_apps.scheduling.models import Appointment

SEED = 20261125


@dataclass(frozen=True, slots=True)
class Size:
    """`professionals` go out; `clients` are in the book; `entries` are at least that many, 0: as they come."""

    professionals: int
    clients: int
    months: int
    reported_months: int
    per_visit: bool = False  # every visit is charged by itself
    entries: int = 0


SIZES = {
    "small": Size(professionals=3, clients=40, months=6, reported_months=6),
    "large": Size(professionals=8, clients=170, months=60, reported_months=6, per_visit=True, entries=100_000),
}


@dataclass(frozen=True, slots=True)
class Made:
    appointments: int = 0
    entries: int = 0


@transaction.atomic
def fill(organization: Organization, *, size: str = "small", now: datetime) -> Made:
    """Make it, inside the organization's schema, unless there are visits already. Raises NotADemo for a real book."""
    if Appointment.objects.exists():
        return Made()
    if not organization.is_demo and Client.objects.exists():
        raise NotADemo(slug=organization.slug)
    wanted, zone = SIZES[size], ZoneInfo(organization.timezone)
    chance = random.Random(SEED)  # noqa: S311 - believable, not secret
    local = now.astimezone(zone)
    first_day = (local - relativedelta(months=wanted.months)).date().replace(day=1)
    book.fill()
    clients.add(chance, wanted.clients)
    people = team.gather(organization, wanted.professionals)
    team.set_hours(people)
    plan = routes.plan(chance, people, first_day, local, staggered=not wanted.per_visit, per_visit=wanted.per_visit)
    visits = routes.write(chance, plan, local)
    reports.write(chance, visits, since=local - relativedelta(months=wanted.reported_months))
    entries = money.write(chance, plan, visits, first_day, local.date(), at_least=wanted.entries)
    bank.write(chance, local.date())
    _ask_the_jobs(now)
    return Made(len(visits), entries)


def _ask_the_jobs(now: datetime) -> None:
    route = routing.of_active()
    if route is None:
        return
    with context.enter(route):  # the command knows the schema only; jobs ask whose it is
        for job in all_jobs():
            if job.is_visiting:
                due.advance(job, route, now)
