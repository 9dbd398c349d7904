"""Days on which Brazilian banks work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("America/Sao_Paulo")  # a due date is a civil day there


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BR", years=year))


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in _closed(day.year)


def after_business_days(moment: datetime, days: int) -> datetime:
    """The same time of day, so many business days later."""
    local = moment.astimezone(ZONE)
    while days:
        local += timedelta(days=1)
        days -= is_open(local.date())
    return local.astimezone(moment.tzinfo)
