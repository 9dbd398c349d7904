"""Dragging a visit of a contract: this one, this and the following, or all."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from shared_apps.organizations import current
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Appointment, Contract
from tenant_apps.team.models import Member

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def contract(pool: Asset, member: Member, tuesday: datetime) -> Contract:
    return services.create_contract(
        actor=None,
        client=pool.place.client,
        place=pool.place_id,
        title="Weekly",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=tuesday.date(),
        time=time(10),
        duration_minutes=60,
        member_ids=[member.pk],
    )


def drag(browser: Browser, visit: Appointment, *, hour: int, scope: str, days: int = 0) -> Any:
    day = local.day_of(visit.starts_at) + timedelta(days=days)
    return browser.post(
        f"/calendar/{visit.pk}/move/",
        json.dumps({"starts_at": f"{day}T{hour:02}:00:00", "ends_at": f"{day}T{hour + 1:02}:00:00", "scope": scope}),
        content_type="application/json",
        headers={"accept": "application/json", "if-match": f'"v{visit.version}"'},
    )


def hours() -> list[int]:
    zone = current.zone()
    return [one.starts_at.astimezone(zone).hour for one in Appointment.objects.standing().order_by("starts_at")]


def weekdays() -> list[int]:
    zone = current.zone()
    return [one.starts_at.astimezone(zone).weekday() for one in Appointment.objects.standing().order_by("starts_at")]


@pytest.mark.parametrize(
    ("scope", "others"), [("this", [10, 14, 10]), ("following", [10, 14, 14]), ("all", [14, 14, 14])]
)
def test_what_moves_is_what_was_asked(alices: Browser, contract: Contract, scope: str, others: list[int]) -> None:
    second = Appointment.objects.order_by("starts_at")[1]
    answer = drag(alices, second, hour=14, scope=scope)
    assert answer.status_code == 200, answer.content
    assert hours()[:3] == others


@pytest.mark.parametrize(
    ("scope", "days"), [("this", [1, 2, 1, 1]), ("following", [1, 2, 2, 2]), ("all", [2, 2, 2, 2])]
)
def test_to_another_day_moves_what_was_asked(alices: Browser, contract: Contract, scope: str, days: list[int]) -> None:
    second = Appointment.objects.order_by("starts_at")[1]
    answer = drag(alices, second, hour=10, scope=scope, days=1)
    assert answer.status_code == 200, answer.content
    assert weekdays()[:4] == days
    assert set(hours()) == {10}


def test_of_two_days_a_week_one_goes_to_another_and_never_onto_its_fellow(alices: Browser, contract: Contract) -> None:
    services.update_contract(contract, actor=None, rrule="FREQ=WEEKLY;BYDAY=TU,TH")
    third = Appointment.objects.standing().order_by("starts_at")[2]
    refused = drag(alices, third, hour=10, scope="following", days=2)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "starts_at")
    assert weekdays()[:5] == [1, 3, 1, 3, 1]
    third.refresh_from_db()
    answer = drag(alices, third, hour=10, scope="following", days=1)
    assert answer.status_code == 200, answer.content
    assert weekdays()[:6] == [1, 3, 2, 3, 2, 3]


def test_a_stale_drag_of_a_series_changes_nothing(alices: Browser, contract: Contract) -> None:
    second = Appointment.objects.order_by("starts_at")[1]
    second.version += 1
    assert drag(alices, second, hour=14, scope="all").status_code == 412
    assert set(hours()) == {10}
