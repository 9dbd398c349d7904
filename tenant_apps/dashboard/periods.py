"""Which days a look at the dashboard is about: local days of the organization, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from dateutil.relativedelta import relativedelta

PERIODS = ("month", "last_month", "quarter", "year")
MONTHS = (6, 12)


@dataclass(frozen=True, slots=True)
class Asked:
    """`period` is what the figures are about, `months` how far back the charts go; `member_id` None: everybody."""

    period: str = "month"
    months: int = 6
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Days:
    first: date
    last: date

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Half open, as moments."""
        return midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone)


def days_of(period: str, today: date) -> Days:
    """The days of a period, until today or, where it ends later, until its end."""
    month = today.replace(day=1)
    match period:
        case "last_month":
            return Days(month - relativedelta(months=1), month - timedelta(days=1))
        case "quarter":
            return Days(month - relativedelta(months=2), end_of_month(month))
        case "year":
            return Days(date(today.year, 1, 1), date(today.year, 12, 31))
        case _:
            return Days(month, end_of_month(month))


def months_until(today: date, count: int) -> list[date]:
    """The first days of the last `count` months, this one included, oldest first."""
    month = today.replace(day=1)
    return [month - relativedelta(months=back) for back in reversed(range(count))]


def end_of_month(month: date) -> date:
    return month + relativedelta(months=1, days=-1)


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
