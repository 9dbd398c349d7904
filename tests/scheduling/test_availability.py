"""Hours, days off, holidays; free times; and clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from rest_framework.test import APIClient

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from tenant_apps.scheduling import availability, holiday, local, services
from tenant_apps.scheduling.errors import NotWorking
from tenant_apps.scheduling.models import Appointment, DayOff
from tests.scheduling.conftest import HOUR, Firm, monday

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_outside_of_the_hours_only_who_insists_books(firm: Firm, inside: None) -> None:
    mornings = [(0, time(8), time(12)), (0, time(13), time(17))]
    services.set_working_hours(firm.alice, mornings, actor=firm.alice)
    firm.book("08:00", firm.alice)
    with pytest.raises(NotWorking) as refused:
        firm.book("11:30", firm.alice)
    assert refused.value.detail == "This is outside the working hours of Alice."
    assert [slot["starts_at"][11:16] for slot in refused.value.extra["alternatives"]] == ["10:00", "10:30", "11:00"]
    firm.book("11:30", firm.alice, overrule=True)
    firm.book("19:00", firm.bob)  # who has said no hours


def test_days_off_of_one_and_of_all(firm: Firm, inside: None) -> None:
    day = local.day_of(monday())
    off = services.add_day_off(actor=None, member=firm.alice, starts_on=day - DAY, ends_on=day + DAY, reason="Holiday")
    with pytest.raises(NotWorking, match=r"Alice is off on .* \(Holiday\)"):
        firm.book("09:00", firm.alice)
    firm.book("09:00", firm.bob)
    services.remove_day_off(off, actor=None)
    with pytest.raises(NotThere):
        services.remove_day_off(off, actor=None)
    services.add_day_off(actor=None, member=None, starts_on=day, ends_on=day)
    with pytest.raises(NotWorking, match="The firm does not work"):
        firm.book("11:00")
    for wrong in ({"ends_on": day - DAY}, {"ends_on": day + 400 * DAY}):
        with pytest.raises(FieldError):
            services.add_day_off(actor=None, member=None, starts_on=day, **wrong)
    assert DayOff.objects.count() == 1


def test_holidays_of_the_country_and_the_state(firm: Firm, inside: None) -> None:
    assert holiday.name_of(date(2026, 9, 7), country="BR", state="SP") == "Independence Day"
    assert holiday.name_of(date(2026, 7, 9), country="BR", state="SP")
    assert not holiday.name_of(date(2026, 7, 9), country="BR", state="RJ")
    assert not holiday.name_of(date(2026, 7, 9), country="BR", state="ZZ")
    assert not holiday.name_of(date(2026, 7, 9), country="XX", state="")
    year = local.day_of(monday()).year + 1
    start = local.moment(date(year, 12, 25), time(9))
    with pytest.raises(NotWorking, match="Christmas"):
        services.book_appointment(
            actor=None, client=firm.client, starts_at=start, ends_at=start + HOUR, member_ids=[firm.alice.pk]
        )
    services.change_policy(actor=None, works_on_holidays=True)
    services.book_appointment(
        actor=None, client=firm.client, starts_at=start, ends_at=start + HOUR, member_ids=[firm.alice.pk]
    )
    for wrong in ({"country": "XX"}, {"state": "ZZ"}, {"weeks_ahead": 0}, {"weeks_ahead": 500}):
        with pytest.raises(FieldError):
            services.change_policy(actor=None, **wrong)


def test_hours_that_make_no_sense_are_refused(firm: Firm, inside: None) -> None:
    for hours, field in [
        ([(0, time(9), time(9))], "ends"),
        ([(7, time(9), time(10))], "weekday"),
        ([(0, time(9), time(11)), (0, time(10), time(12))], "starts"),
        ([(0, time(n), time(n, 30)) for n in range(22)], "hours"),
    ]:
        with pytest.raises(FieldError) as refused:
            services.set_working_hours(firm.alice, hours, actor=None)
        assert refused.value.field == field


def test_free_times_are_those_of_all_who_go(firm: Firm, inside: None) -> None:
    services.set_working_hours(firm.alice, [(0, time(8), time(11))], actor=None)
    firm.book("08:00", firm.bob)
    firm.book("10:00", firm.alice)
    slots = availability.free_slots(
        [firm.alice.pk, firm.bob.pk],
        duration=HOUR,
        first=local.day_of(monday()),
        days=3,
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert [slot.starts_at for slot in slots] == [monday("09:00")]
    assert not list(availability.free_slots([], duration=HOUR, first=date(2026, 1, 1), days=9, not_before=monday()))


@pytest.fixture
def in_new_york(acme: Organization) -> None:
    acme.timezone = "America/New_York"
    acme.save()
    routing.clear()


def test_where_clocks_change_a_time_that_never_comes_is_refused(in_new_york: None, acme: Organization) -> None:
    with context.enter(acme.schema_name):
        spring, autumn = date(2027, 3, 14), date(2027, 11, 7)
        with pytest.raises(FieldError, match="clocks go forward"):
            local.typed(spring, time(2, 30), field="starts_at")
        assert local.moment(spring, time(2, 30)) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)  # an hour later: 03:30
        assert local.typed(autumn, time(1, 30), field="starts_at") == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
        with pytest.raises(FieldError):
            local.typed(date(9999, 12, 31), time(23, 59), field="starts_at")
        lengths = [(b - a) / HOUR for a, b in map(local.day_bounds, [spring, autumn, autumn + DAY])]
        assert lengths == [23, 25, 24]


def test_a_visit_across_the_change_is_as_long_as_it_says(in_new_york: None, firm: Firm, inside: None) -> None:
    start = local.moment(date(2027, 3, 14), time(1, 30))
    made = services.book_appointment(
        actor=None, client=firm.client, starts_at=start, ends_at=start + 2 * HOUR, member_ids=[firm.alice.pk]
    )
    assert local.day_of(made.ends_at) == date(2027, 3, 14)
    assert made.ends_at.astimezone(current.zone()).time() == time(4, 30)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        ("2027-03-14T02:30:00", "2027-03-14T03:30:00", "starts_at"),
        ("2027-03-14T01:30:00", "2027-03-14T02:30:00", "ends_at"),
        ("2027-11-07T01:10:00-05:00", "2027-11-07T01:50:00-04:00", "ends_at"),  # by the clocks it comes after the start
        ("9999-12-31T23:59:00", "9999-12-31T23:59:00", "starts_at"),
        ("2027-11-07T01:30:00-04:00", "2027-11-07T01:30:00-05:00", None),  # an hour, though the clocks say none
        ("2027-03-14T01:30:00", "2027-03-14T03:30:00", None),
    ],
)
def test_the_api_goes_by_moments(
    in_new_york: None, owner: APIClient, firm: Firm, inside: None, starts_at: str, ends_at: str, field: str | None
) -> None:
    times = {"starts_at": starts_at, "ends_at": ends_at}
    answer = owner.post("/api/v1/appointments/", {"client": str(firm.client.pk), **times})
    assert [one["field"] for one in answer.json().get("errors", [])][:1] == ([field] if field else []), answer.json()
    if field is None:
        booked = Appointment.objects.get()
        assert booked.ends_at - booked.starts_at == HOUR
