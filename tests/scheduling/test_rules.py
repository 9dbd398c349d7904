"""Days of a rule: as dateutil has them, but never more work than the window is worth."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from shared_apps.core.errors import FieldError
from tenant_apps.scheduling import rules

START = date(2026, 3, 2)  # a Monday


def a_rule(some: random.Random) -> str:
    freq = some.choice(rules.FREQUENCIES)
    parts = [f"FREQ={freq}"]
    if some.random() < 0.5:
        parts.append(f"INTERVAL={some.choice([1, 2, 3, 4, 6, 13])}")
    if some.random() < 0.6:
        # dateutil reads "MO,1TU" as both at once; RFC 5545 as either. So: all with a number, or none.
        numbers = [1, 2, 3, 4, 5, -1, -2] if freq in {"MONTHLY", "YEARLY"} and some.random() < 0.5 else [""]
        parts.append("BYDAY=" + ",".join(f"{some.choice(numbers)}{some.choice(rules.DAYS)}" for _ in range(2)))
    if freq != "WEEKLY" and some.random() < 0.4:
        parts.append(f"BYMONTHDAY={some.choice([1, 5, 13, 15, 28, 30, 31, -1, -2])},7")
    if some.random() < 0.3:
        parts.append(f"BYMONTH={some.randint(1, 12)},{some.randint(1, 12)}")
    if some.random() < 0.2 and len(parts) > 2:
        parts.append(f"BYSETPOS={some.choice([1, 2, -1])}")
    return ";".join([*parts, "WKST=SU"] if some.random() < 0.2 else parts)


def test_three_hundred_rules_are_as_dateutil_has_them() -> None:
    some, compared = random.Random(7), 0
    while compared < 300:
        text, start = a_rule(some), date(2026, some.randint(1, 12), some.randint(1, 28))
        first = start + timedelta(days=some.randint(-10, 300))
        last = first + timedelta(days=some.randint(0, 400))
        try:
            rule = rules.parsed(text)
        except FieldError:
            continue  # it never matches, or has BYSETPOS of nothing
        theirs = rrulestr(text + ";UNTIL=20290101T000000", dtstart=datetime.combine(start, datetime.min.time()))
        window = [datetime.combine(day, datetime.min.time()) for day in (first, last)]
        found = rules.days_between(str(rule), start, first, last)
        if not found:
            continue  # dateutil would look for one until the year 9999
        assert found == [day.date() for day in theirs.between(*window, inc=True)], f"{text} from {start}"
        assert rules.parsed(str(rule)) == rule
        compared += 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "invalid_rule"),
        ("every monday", "invalid_rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "invalid_rule"),
        ("FREQ=SECONDLY", "unsupported_rule"),
        ("FREQ=HOURLY;INTERVAL=1", "unsupported_rule"),
        ("FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1;BYSECOND=0,1", "unsupported_rule"),
        ("FREQ=DAILY;COUNT=1000000000", "unsupported_rule"),
        ("FREQ=DAILY;UNTIL=99991231", "unsupported_rule"),
        ("FREQ=YEARLY;BYWEEKNO=1", "unsupported_rule"),
        ("FREQ=DAILY;INTERVAL=0", "invalid_rule"),
        ("FREQ=DAILY;INTERVAL=99", "invalid_rule"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "invalid_rule"),
        ("FREQ=WEEKLY;BYDAY=2MO", "invalid_rule"),
        ("FREQ=MONTHLY;BYDAY=9MO", "invalid_rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "invalid_rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "invalid_rule"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "unsupported_rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4", "never"),
        ("FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 200), "max_length"),
        ("FREQ=DAILY;INTERVAL=١", "invalid_rule"),
    ],
)
def test_what_is_no_rule_of_days_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        rules.parsed(text)
    assert (refused.value.field, refused.value.code) == ("rrule", code)


def test_a_hundred_years_are_cut_to_a_window() -> None:
    assert len(rules.days_between("FREQ=DAILY", START, START, date(2126, 1, 1))) == rules.MOST_DAYS + 1
    assert rules.days_between("FREQ=WEEKLY", START, date(2020, 1, 1), START) == [START]


def test_a_leap_day_comes_every_four_years() -> None:
    rule = str(rules.parsed("RRULE:freq=yearly;bymonth=2;bymonthday=29;"))
    assert rules.days_between(rule, START, date(2028, 1, 1), date(2028, 12, 31)) == [date(2028, 2, 29)]
