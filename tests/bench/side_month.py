"""What the calendar of a month with many visits costs, asked of Colmeia's process."""

from __future__ import annotations

import statistics
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.core import bulk
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context
from tests.bench import side_ours
from tests.bench.side_pages import browser_of

FIRM = "month"
FIRST, DAYS = date(2027, 3, 1), 28
CLIENTS, PROFESSIONALS = 200, 10
ROUNDS = 15
PATH = f"/calendar/events/?start={FIRST}&end={FIRST + timedelta(days=DAYS)}"


def month(visits: int) -> dict[str, float]:
    """Statements and seconds of the whole request for a month, and seconds of its JSON alone: the visits as the answer
    holds them, read and written by the same process and nothing else. Medians of rounds taken in turn."""
    _fill(visits)
    browser = browser_of(FIRM)
    answer = _asked(browser)
    shown = answer.content.count(b'"id"')
    if shown != visits:
        raise RuntimeError(f"{shown} of {visits} visits are shown")
    with CaptureQueriesContext(connection) as captured:
        _asked(browser)
    statements = len(captured)
    whole, bare = [], []
    for _ in range(ROUNDS):
        whole.append(_seconds(lambda: _asked(browser)))
        bare.append(_seconds(_json_alone))
    return {
        "statements": statements,
        "whole": statistics.median(whole),
        "json": statistics.median(bare),
        "kB": len(answer.content) / 1000,
    }


def _asked(browser: Browser) -> Any:
    with context.activate(None):
        answer = browser.get(PATH)
    if answer.status_code != 200:
        raise RuntimeError(f"{PATH} answered {answer.status_code}")
    return answer


def _json_alone() -> bytes:
    from tenant_apps.scheduling.calendar import events

    with context.enter(f"org_{FIRM}"):
        return ",".join(events.between(*_bounds(), with_cancelled=False)).encode()


def _bounds() -> tuple[datetime, datetime]:
    from tenant_apps.scheduling.calendar import events

    return events.asked(str(FIRST), str(FIRST + timedelta(days=DAYS)))


def _seconds(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fill(visits: int) -> None:
    """A month in which every professional has the same number of visits a day, one after another."""
    from tenant_apps.clients.models import Client
    from tenant_apps.scheduling import local
    from tenant_apps.scheduling.models import Appointment, Booking, Line, Offering
    from tenant_apps.team.models import Member

    side_ours.organizations([FIRM])
    organization = Organization.objects.get(slug=FIRM)
    owner = User.objects.get(email="owner@bench.example")
    with context.enter(organization.schema_name):
        members_changed.send(Organization, organization=organization, user_ids=[owner.pk])
        with connection.cursor() as cursor:
            cursor.execute(side_ours.CLIENTS, {"clients": CLIENTS})
        people = Member.objects.bulk_create(
            [
                Member(user_id=uuid7(), name=f"P {n}", email=f"m{n}@x.example", role="staff")
                for n in range(PROFESSIONALS)
            ]
        )
        offering = Offering.objects.create(name="Limpeza")
        clients = list(Client.objects.values_list("pk", flat=True))
        made: list[Appointment] = []
        booked: list[Booking] = []
        for number in range(visits):
            day, place = divmod(number // PROFESSIONALS, -(-visits // (PROFESSIONALS * DAYS)))
            start = local.moment(FIRST + timedelta(days=day), clock(7)) + place * timedelta(minutes=50)
            visit = Appointment(
                client_id=clients[number % CLIENTS], starts_at=start, ends_at=start + timedelta(minutes=45)
            )
            made.append(visit)
            booked.append(
                Booking(
                    appointment_id=visit.pk,
                    member=people[number % PROFESSIONALS],
                    starts_at=start,
                    ends_at=visit.ends_at,
                )
            )
        bulk.insert(made)
        bulk.insert([Line(appointment_id=visit.pk, offering=offering) for visit in made])
        bulk.insert(booked)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
