"""What repeats: made once, a window ahead; changed as one, from a day on, or as a whole; paused and taken up again."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.core.errors import FieldError, Stale
from shared_apps.core.ids import uuid7
from shared_apps.tenancy.models import DueWork
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.errors import ContractHasVisits, SeriesCollides
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Appointment, Booking, Contract, DayOff
from tests.scheduling.conftest import HOUR, Firm, monday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside", "no_holidays")]
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def no_holidays(inside: None) -> None:
    services.change_policy(actor=None, works_on_holidays=True)


def first_monday() -> date:
    return local.day_of(monday())


def agree(firm: Firm, **fields: Any) -> Contract:
    given: dict[str, Any] = {
        "actor": firm.alice, "client": firm.client, "rrule": "FREQ=WEEKLY", "starts_on": first_monday(),
        "time": time(9), "member_ids": [firm.alice.pk], "lines": [LineGiven(firm.offering.pk, firm.pool.pk)],
    }  # fmt: skip
    return services.create_contract(**given | fields)


def days(contract: Contract) -> list[date]:
    return list(contract.appointments.order_by("occurrence_on").values_list("occurrence_on", flat=True))


def test_a_contract_makes_its_visits_at_once_and_each_night_only_what_is_missing(firm: Firm) -> None:
    contract = agree(firm, place=firm.place.pk, arrival_minutes=30, notes="Ring twice", billing="visit")
    visits = list(contract.appointments.order_by("starts_at"))
    assert [visit.occurrence_on for visit in visits] == [first_monday() + n * WEEK for n in range(len(visits))]
    assert len(visits) in {7, 8, 9}
    first = visits[0]
    assert (first.starts_at, first.ends_at, first.arrival_until) == (monday(), monday() + HOUR, monday("09:30"))
    assert (first.place, first.notes, first.price, first.status) == (
        firm.place, "Ring twice", Decimal("120.00"), "pending",
    )  # fmt: skip
    assert [(line.offering, line.asset) for line in first.lines.all()] == [(firm.offering, firm.pool)]
    assert Booking.objects.filter(member=firm.alice).count() == len(visits)
    assert contract.title == "Cleaning"
    assert DueWork.objects.filter(job="scheduling.generate_visits", schema_name="org_acme").exists()
    now = timezone.now()
    today = local.day_of(now)
    assert services.generate_visits(today=today, now=now) == 0
    assert services.generate_visits(today=today + 3 * WEEK, now=now) == 3
    assert services.generate_visits(today=today + 3 * WEEK, now=now) == 0


def test_what_is_billed_by_the_month_costs_nothing_by_the_visit(firm: Firm) -> None:
    contract = agree(firm, billing="advance", price=Decimal(400))
    assert set(contract.appointments.values_list("price", flat=True)) == {Decimal(0)}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rrule": "FREQ=SECONDLY"}, "rrule"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"starts_on": date(2100, 1, 1)}, "starts_on"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 32000}, "duration_minutes"),
        ({"arrival_minutes": 90}, "arrival_minutes"),
        ({"billing": "sometimes"}, "billing"),
        ({"billing_day": 32}, "billing_day"),
        ({"price": Decimal(-1)}, "price"),
        ({"member_ids": [uuid7()]}, "member_ids"),
        ({"place": uuid7()}, "place"),
    ],
)
def test_what_is_wrong_is_named(firm: Firm, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as refused:
        agree(firm, **wrong)
    assert refused.value.field == field
    assert not Contract.objects.exists()


def test_a_series_that_collides_is_refused_as_a_whole_with_every_day(firm: Firm) -> None:
    for weeks in (2, 4, 5, 6):
        firm.book("09:30", firm.alice, weeks=weeks)
    with pytest.raises(SeriesCollides) as refused:
        agree(firm)
    assert len(refused.value.extra["collisions"]) == 4
    assert "Alice is with Ana Souza" in refused.value.detail
    assert "And 1 more time." in refused.value.detail
    assert not Contract.objects.exists()
    contract = agree(firm, overrule=True)
    assert contract.appointments.filter(bookings=None).count() == 4


def test_by_night_a_visit_without_its_professional_is_made_all_the_same(firm: Firm) -> None:
    contract = agree(firm)
    now = timezone.now()
    last = days(contract)[-1]
    start = local.moment(last + WEEK, time(9, 30))
    services.book_appointment(
        actor=None, client=firm.client, starts_at=start, ends_at=start + HOUR, member_ids=[firm.alice.pk], overrule=True
    )
    services.add_day_off(actor=None, member=firm.alice, starts_on=last + 2 * WEEK, ends_on=last + 2 * WEEK)
    assert services.generate_visits(today=local.day_of(now) + 3 * WEEK, now=now) == 3
    unattended = contract.appointments.filter(bookings=None).order_by("occurrence_on")
    assert [row.occurrence_on for row in unattended] == [last + WEEK, last + 2 * WEEK]


def test_holidays_and_days_on_which_the_firm_is_closed_are_skipped(firm: Firm) -> None:
    DayOff.objects.create(starts_on=first_monday() + WEEK, ends_on=first_monday() + WEEK)
    assert first_monday() + WEEK not in days(agree(firm))
    services.change_policy(actor=None, works_on_holidays=False)
    christmas = agree(firm, rrule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", member_ids=[])
    services.change_policy(actor=None, weeks_ahead=26)
    services.generate_visits(today=date(2026, 12, 1), now=timezone.now())
    assert days(christmas) == []


def test_a_change_of_all_moves_those_to_come_and_leaves_what_was_changed_by_itself(firm: Firm) -> None:
    contract = agree(firm)
    kept, cancelled, begun, *rest = contract.appointments.order_by("occurrence_on")
    services.update_appointment(kept, actor=None, notes="Bring the ladder")
    services.cancel_appointment(cancelled, actor=None)
    services.start_appointment(begun, actor=None, at=timezone.now())
    services.update_contract(
        contract, actor=firm.alice, expected=[1], time=time(14), member_ids=[firm.bob.pk], notes="New"
    )
    for row in (kept, cancelled, begun):
        before = row.starts_at
        row.refresh_from_db()
        assert row.starts_at == before
    for row in rest:
        pk, before = row.pk, row.starts_at
        row.refresh_from_db()
        assert (row.pk, row.starts_at, row.notes) == (pk, before + 5 * HOUR, "New")
        assert row.bookings.get().member == firm.bob
        assert row.lines.count() == 1
    with pytest.raises(Stale):
        services.update_contract(contract, actor=None, expected=[1], notes="x")


def test_another_weekday_takes_the_old_visits_away(firm: Firm) -> None:
    contract = agree(firm)
    services.update_contract(contract, actor=None, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")
    assert {day.weekday() for day in days(contract)} == {1, 3}
    assert Booking.objects.count() == len(days(contract))


def test_a_change_that_collides_changes_nothing(firm: Firm) -> None:
    contract = agree(firm)
    firm.book("14:00", firm.alice, weeks=3)
    with pytest.raises(SeriesCollides):
        services.update_contract(contract, actor=None, time=time(14, 30))
    contract.refresh_from_db()
    assert (contract.time, contract.version) == (time(9), 1)
    assert contract.appointments.order_by("starts_at")[0].starts_at == monday()


def test_this_and_following_goes_on_as_another_contract(firm: Firm) -> None:
    contract = agree(firm, rrule="FREQ=WEEKLY;INTERVAL=2", ends_on=first_monday() + 52 * WEEK)
    before = days(contract)
    new = services.split_contract(contract, actor=None, from_day=before[1], time=time(11))
    contract.refresh_from_db()
    assert (contract.ends_on, days(contract)) == (before[1] - DAY, before[:1])
    assert (new.continues, new.starts_on, new.ends_on) == (contract, before[1], first_monday() + 52 * WEEK)
    assert days(new) == before[1:]
    assert {local.day_of(row.starts_at) for row in new.appointments.all()} == set(before[1:])
    assert new.appointments.order_by("starts_at")[0].starts_at == local.moment(before[1], time(11))
    middle = services.split_contract(contract, actor=None, from_day=before[0], notes="same contract")
    assert middle == contract
    third = services.split_contract(new, actor=None, from_day=before[2] - DAY, time=time(12))
    assert (third.starts_on, days(third)) == (before[2], before[2:])


def test_a_pause_takes_visits_away_and_the_end_of_it_brings_them_back(firm: Firm) -> None:
    contract = agree(firm)
    all_of_them = days(contract)
    services.pause_contract(contract, actor=None, starts_on=all_of_them[2], reason="Travelling")
    assert days(contract) == all_of_them[:2]
    assert Booking.objects.count() == 2
    services.resume_contract(contract, actor=None, on=all_of_them[4])
    assert days(contract) == [*all_of_them[:2], *all_of_them[4:]]
    services.resume_contract(contract, actor=None, on=all_of_them[0])
    assert days(contract) == all_of_them


def test_a_season_has_its_own_rhythm_every_year(firm: Firm) -> None:
    contract = agree(firm)
    start = first_monday() + 2 * WEEK
    season = services.vary_contract(
        contract, actor=None, starts_on=start, ends_on=start + 27 * DAY, is_yearly=True, rrule="FREQ=WEEKLY;BYDAY=MO,TH"
    )
    inside = [day for day in days(contract) if start <= day <= start + 27 * DAY]
    assert [day.weekday() for day in inside] == [0, 3] * 4
    services.remove_variation(season, actor=None)
    assert {day.weekday() for day in days(contract)} == {0}
    for wrong in ({"ends_on": start - DAY}, {"is_yearly": True}, {"rrule": "FREQ=MINUTELY"}):
        with pytest.raises(FieldError):
            services.vary_contract(contract, actor=None, starts_on=start, **wrong)


def test_ending_and_removing(firm: Firm) -> None:
    contract = agree(firm)
    second = days(contract)[1]
    services.end_contract(contract, actor=None, ends_on=second)
    assert days(contract)[-1] == second
    services.complete_appointment(contract.appointments.order_by("starts_at")[0], actor=None, at=timezone.now())
    with pytest.raises(ContractHasVisits):
        services.remove_contract(contract, actor=None)
    mistake = agree(firm, time=time(15))
    services.remove_contract(mistake, actor=None)
    assert Appointment.objects.exclude(contract=contract).count() == 0


def test_a_thousand_contracts_for_eight_weeks_take_few_statements(firm: Firm) -> None:
    clients = Client.objects.bulk_create(Client(name=f"Client {n}", name_key=f"client {n}") for n in range(1000))
    start, members = local.day_of(timezone.now()), [firm.alice.pk, firm.bob.pk]
    Contract.objects.bulk_create(
        Contract(
            client=client, title="Pool", rrule="FREQ=WEEKLY", starts_on=start + n % 7 * DAY, duration_minutes=5,
            time=time(6 + n // 100, n % 12 * 5), member_ids=[members[n % 2]],
        )
        for n, client in enumerate(clients)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        made = services.generate_visits(today=start, now=timezone.now())
    assert len(asked) < 100
    assert made >= 8000 - 200
