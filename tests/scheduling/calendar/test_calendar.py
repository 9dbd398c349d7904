"""The calendar: what it draws in few statements, and what is dragged in it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import services
from tenant_apps.scheduling.models import Appointment, DayOff, Offering
from tenant_apps.team.models import Member
from tests.visits.conftest import book

pytestmark = pytest.mark.usefixtures("inside")
HOUR = timedelta(hours=1)


@pytest.fixture
def booked(pool: Asset, offering: Offering, member: Member, tuesday: datetime) -> Appointment:
    return book(pool, offering, member, start=tuesday, minutes=60)


def drawn(browser: Browser, day: datetime, query: str = "") -> Any:
    start, end = day.date().isoformat(), (day + timedelta(days=1)).date().isoformat()
    answer = browser.get(f"/calendar/events/?start={start}&end={end}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def drag(browser: Browser, visit: Appointment, *, to: str, until: str, version: int | None = None, **more: Any) -> Any:
    visit.refresh_from_db()
    return browser.post(
        f"/calendar/{visit.pk}/move/",
        json.dumps({"starts_at": to, "ends_at": until, **more}),
        content_type="application/json",
        headers={"accept": "application/json", "if-match": f'"v{version or visit.version}"'},
    )


def test_times_are_those_of_the_firms_clocks(
    bobs: Browser, booked: Appointment, member: Member, tuesday: datetime
) -> None:
    (one,) = drawn(bobs, tuesday)["visits"]
    assert one["start"] == f"{tuesday.date()}T10:00:00"
    assert (one["title"], one["members"], one["cancelled"], one["series"]) == (
        "Maria Souza",
        [str(member.pk)],
        False,
        False,
    )
    assert one["offering"] == {"name": "Cleaning", "colour": booked.lines.get().offering.colour}


def test_cancelled_visits_are_shown_when_asked_for(bobs: Browser, booked: Appointment, tuesday: datetime) -> None:
    services.cancel_appointment(booked, actor=None)
    assert drawn(bobs, tuesday)["visits"] == []
    assert [one["cancelled"] for one in drawn(bobs, tuesday, "&cancelled=1")["visits"]] == [True]


def test_days_off_and_holidays_lie_behind(bobs: Browser, member: Member) -> None:
    DayOff.objects.create(member=member, starts_on="2026-12-24", ends_on="2026-12-24", reason="Dentist")
    answer = bobs.get("/calendar/events/?start=2026-12-20T00:00:00&end=2026-12-27T00:00:00").json()
    assert {(day["start"], day["title"]) for day in answer["days"]} == {
        ("2026-12-24", f"{member} · Dentist"),
        ("2026-12-25", "Christmas Day"),
    }


def test_a_month_of_visits_takes_four_statements(
    bobs: Browser, pool: Asset, offering: Offering, member: Member, tuesday: datetime
) -> None:
    for number in range(20):
        book(pool, offering, member, start=tuesday + timedelta(minutes=20 * number), minutes=20)
    bobs.get("/calendar/events/?start=2026-01-01&end=2026-02-01")
    start, end = (tuesday - timedelta(days=3)).date(), (tuesday + timedelta(days=30)).date()
    with CaptureQueriesContext(connection) as asked:
        answer = bobs.get(f"/calendar/events/?start={start}&end={end}")
    assert len(answer.json()["visits"]) == 20
    engines = ("search_path", "organizations_organization")  # which firm this host is: remembered outside of tests
    statements = [query["sql"][:90] for query in asked if not any(word in query["sql"] for word in engines)]
    assert len(statements) <= 4, statements


@pytest.mark.parametrize(
    "query",
    ["", "start=x&end=y", "start=2026-01-01", "start=2026-01-01&end=2026-01-01", "start=2026-01-02&end=2026-01-01",
     "start=2026-01-01&end=2027-01-01", "start=0001-01-01&end=0001-02-01",
     "start=9999-12-31T23:59&end=9999-12-31T24:00",
     "start=2026-13-45&end=2026-99-99", "start=%00&end=%00"],
)  # fmt: skip
def test_what_is_no_time_is_refused(bobs: Browser, query: str) -> None:
    answer = bobs.get(f"/calendar/events/?{query}", headers={"accept": "application/json"})
    assert answer.status_code == 422, answer.content


def test_a_drag_moves_the_visit(alices: Browser, booked: Appointment, tuesday: datetime) -> None:
    day = tuesday.date()
    answer = drag(alices, booked, to=f"{day}T14:00:00", until=f"{day}T15:30:00")
    assert answer.status_code == 200, answer.content
    booked.refresh_from_db()
    assert (booked.starts_at, booked.ends_at) == (tuesday + 4 * HOUR, tuesday + 5.5 * HOUR)
    assert booked.bookings.get().starts_at == booked.starts_at
    assert answer.json()["version"] == booked.version
    assert drag(alices, booked, to=f"{day}T09:00:00", until=f"{day}T10:00:00", version=1).status_code == 412


def test_a_collision_is_told_with_free_times(
    alices: Browser, booked: Appointment, pool: Asset, offering: Offering, member: Member, tuesday: datetime
) -> None:
    other = book(pool, offering, member, start=tuesday + 2 * HOUR, minutes=60)
    day = tuesday.date()
    answer = drag(alices, other, to=f"{day}T10:30:00", until=f"{day}T11:30:00")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "double_booked")
    assert "Maria Souza" in told["detail"]
    assert told["alternatives"]
    other.refresh_from_db()
    assert other.starts_at == tuesday + 2 * HOUR


def test_a_day_off_is_told_and_may_be_overruled(
    alices: Browser, booked: Appointment, member: Member, tuesday: datetime
) -> None:
    day = (tuesday + timedelta(days=1)).date()
    DayOff.objects.create(member=member, starts_on=day, ends_on=day, reason="Dentist")
    to, until = f"{day}T10:00:00", f"{day}T11:00:00"
    assert drag(alices, booked, to=to, until=until).json()["code"] == "not_working"
    assert drag(alices, booked, to=to, until=until, overrule=True).status_code == 200


@pytest.mark.parametrize(
    ("to", "until", "more"),
    [
        ("x", "y", {}),
        ("2026-12-01T10:00:00", "2026-12-01T09:00:00", {}),
        ("2026-12-01T10:00:00", "2026-12-05T09:00:00", {}),
        ("0001-01-01T00:00:00", "0001-01-01T01:00:00", {}),
        ("9999-12-31T23:00:00", "9999-12-31T23:30:00", {}),
        ("2026-12-01T10:00:00", "2026-12-01T11:00:00", {"scope": "world"}),
    ],
)
def test_what_cannot_be_is_refused(
    alices: Browser, booked: Appointment, to: str, until: str, more: dict[str, Any]
) -> None:
    assert drag(alices, booked, to=to, until=until, **more).status_code == 422


@pytest.mark.parametrize("body", ["", "[]", "7", "{"])
def test_no_body_is_no_move(alices: Browser, booked: Appointment, body: str) -> None:
    headers = {"accept": "application/json", "if-match": '"v1"'}
    answer = alices.post(f"/calendar/{booked.pk}/move/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 422


def test_only_who_plans_moves(
    bobs: Browser, carols: Browser, alices: Browser, booked: Appointment, tuesday: datetime
) -> None:
    day = tuesday.date()
    assert drag(bobs, booked, to=f"{day}T14:00:00", until=f"{day}T15:00:00").status_code == 403
    assert drag(carols, booked, to=f"{day}T14:00:00", until=f"{day}T15:00:00").status_code == 404
    assert drawn(carols, tuesday)["visits"] == []
    assert alices.post(f"/calendar/{uuid4()}/move/", "{}", content_type="application/json").status_code == 404


def test_the_page_names_the_team_and_its_zone(bobs: Browser, member: Member) -> None:
    page = bobs.get("/calendar/").content.decode()
    assert 'data-time-zone="America/Sao_Paulo"' in page
    assert str(member) in page
    assert 'data-move=""' in page
