from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared_apps.tenancy.jobs.schedule import Daily, Every, backoff, next_slot, spread

SAO_PAULO, BERLIN = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Europe/Berlin")
TWO = Daily(time(2))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_daily_job_runs_at_the_local_time_of_each_zone() -> None:
    now = utc("2026-11-23T04:30")
    assert TWO.next_after(now, SAO_PAULO) == utc("2026-11-23T05:00")
    assert TWO.next_after(now, BERLIN) == utc("2026-11-24T01:00")
    assert TWO.next_after(now, ZoneInfo("America/Manaus")) == utc("2026-11-23T06:00")


def test_the_next_slot_lies_strictly_after_now() -> None:
    assert TWO.next_after(utc("2026-11-23T05:00"), SAO_PAULO) == utc("2026-11-24T05:00")


@pytest.mark.parametrize(("at", "slot"), [(time(2, 30), "2026-03-29T01:30"), (time(3), "2026-03-29T01:00")])
def test_a_time_that_the_clocks_skip_happens_as_much_later(at: time, slot: str) -> None:
    """Berlin, 2026-03-29: 02:00 becomes 03:00. 02:30 is 03:30 summer time then, once."""
    daily = Daily(at)
    found = daily.next_after(utc("2026-03-28T12:00"), BERLIN)
    assert found == utc(slot)
    assert daily.next_after(found, BERLIN).astimezone(BERLIN).isoformat()[:16] == f"2026-03-30T{at:%H:%M}"


def test_a_time_that_comes_twice_happens_once() -> None:
    """Berlin, 2026-10-25: 02:30 comes at 00:30 and at 01:30 UTC."""
    daily = Daily(time(2, 30))
    first = daily.next_after(utc("2026-10-24T12:00"), BERLIN)
    assert first == utc("2026-10-25T00:30")
    assert daily.next_after(first, BERLIN) == utc("2026-10-26T01:30")


def test_midnight_that_brazil_skipped() -> None:
    """Until 2018 the clocks went from 00:00 to 01:00."""
    assert Daily(time(0)).next_after(utc("2018-11-03T12:00"), SAO_PAULO) == utc("2018-11-04T03:00")


def test_every_day_of_two_years_has_one_slot_in_every_zone() -> None:
    for zone in (SAO_PAULO, BERLIN, ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")):
        slot, days = utc("2026-01-01T00:00"), []
        for _ in range(730):
            slot = TWO.next_after(slot, zone)
            days.append(slot.astimezone(zone).date())
        assert len(set(days)) == 730
        assert days[-1] - days[0] == timedelta(days=729)


def test_intervals_are_counted_from_the_epoch() -> None:
    every = Every(timedelta(minutes=10))
    assert every.next_after(utc("2026-11-23T04:31:07"), BERLIN) == utc("2026-11-23T04:40")
    assert every.next_after(utc("2026-11-23T04:40"), BERLIN) == utc("2026-11-23T04:50")


def test_jitter_spreads_organizations_but_not_one_organizations_days() -> None:
    schedule = Daily(time(2), jitter=timedelta(minutes=30))
    delays = []
    for number in range(300):
        schema = f"org_{number}"
        monday, tuesday = (
            next_slot(schedule, utc(day), timezone="America/Sao_Paulo", schema=schema, job="x")
            for day in ("2026-11-23T00:00", "2026-11-24T00:00")
        )
        assert tuesday.due_at - monday.due_at == timedelta(days=1)
        assert monday.at == utc("2026-11-23T05:00")
        delays.append(monday.due_at - monday.at)
    assert timedelta() <= min(delays) < timedelta(minutes=2)
    assert timedelta(minutes=28) < max(delays) < timedelta(minutes=30)
    assert spread(timedelta(), "org_1", "x") == timedelta()


def test_backoff_doubles_up_to_its_limit() -> None:
    minute = timedelta(minutes=1)
    waits = [backoff(attempts, first=minute, longest=10 * minute) // minute for attempts in (1, 2, 3, 4, 5, 60, 10**9)]
    assert waits == [1, 2, 4, 8, 10, 10, 10]
