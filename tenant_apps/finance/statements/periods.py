"""The days a statement is of."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
MAX_MONTHS = 60
MAX_DAYS = 92
MAX_COLUMNS = 12  # months side by side


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both of them in it."""

    start: date
    end: date

    def months(self) -> Iterator[date]:
        """The first day of every month it touches."""
        month = self.start.replace(day=1)
        while month <= self.end:
            yield month
            month = shifted(month, 1)

    def days(self) -> Iterator[date]:
        for number in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=number)

    def part(self, first: date, *, by: str) -> Period:
        """What of it lies in the month, or on the day, that begins with `first`."""
        last = first if by == "day" else month_end(first)
        return Period(max(first, self.start), min(last, self.end))


def shifted(month: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_around(today: date, *, before: int, after: int) -> Period:
    return Period(shifted(today, -before), month_end(shifted(today, after)))


def parsed(text: str) -> date | None:
    """ "2026-11-25", or None for what is no date between FIRST and LAST."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
