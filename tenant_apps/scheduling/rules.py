"""On which days something repeats: the part of RFC 5545 that days need, expanded within a window only.

`dateutil` walks to the year 9999 when a rule never matches (30 February), and counts every hour of a rule that says so.
Here a rule that is refused never runs, and what runs looks at the periods of the window, a few hundred at most.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_INTERVAL = 52
MOST_DAYS = 3 * 366  # the longest window
_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
_NTH_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` are (nth, weekday): nth 0 means each; weekdays count from 0, Monday."""

    freq: str
    interval: int = 1
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """As RFC 5545 writes it, always in the same order."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.months:
            parts.append("BYMONTH=" + ",".join(map(str, self.months)))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        if self.days:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{DAYS[day]}" for nth, day in self.days))
        if self.positions:
            parts.append("BYSETPOS=" + ",".join(map(str, self.positions)))
        if self.week_start:
            parts.append(f"WKST={DAYS[self.week_start]}")
        return ";".join(parts)


def parsed(text: str, field: str = "rrule") -> Rule:
    """The rule that a text says. Raises FieldError for what is no rule, or one that says more than days."""
    given: dict[str, str] = {}
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    if len(text) > 300:
        raise FieldError(field, _("This rule is too long."), "max_length")
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in given:
            raise FieldError(field, _("This is not a rule such as FREQ=WEEKLY;BYDAY=MO."), "invalid_rule")
        given[name] = value
    if {"COUNT", "UNTIL"} & set(given):
        raise FieldError(field, _("Say the last day in “ends on”, not in the rule."), "unsupported_rule")
    if unknown := sorted(set(given) - _PARTS):
        message = _("A rule says days only; %(part)s cannot be used.") % {"part": unknown[0][:20]}
        raise FieldError(field, message, "unsupported_rule")
    freq = given.get("FREQ", "")
    if freq not in FREQUENCIES:
        raise FieldError(field, _("FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY."), "unsupported_rule")
    (interval,) = _numbers(given.get("INTERVAL", "1"), 1, MOST_INTERVAL, field, most=1)
    rule = Rule(
        freq,
        interval,
        days=_days(given.get("BYDAY", ""), freq, field),
        month_days=_numbers(given.get("BYMONTHDAY", ""), -31, 31, field),
        months=_numbers(given.get("BYMONTH", ""), 1, 12, field),
        positions=_numbers(given.get("BYSETPOS", ""), -31, 31, field),
        week_start=_week_start(given.get("WKST", "MO"), field),
    )
    if rule.month_days and freq == "WEEKLY":
        raise FieldError(field, _("A weekly rule has no days of the month."), "unsupported_rule")
    if rule.positions and not (rule.days or rule.month_days or rule.months):
        raise FieldError(field, _("BYSETPOS needs days to choose from."), "unsupported_rule")
    if not any(True for _day in _all_of_years(rule)):
        raise FieldError(field, _("No day ever matches this rule."), "never")
    return rule


def _all_of_years(rule: Rule) -> Iterator[date]:
    """Its days from a start that lets each of its months come up, over as many years as the interval may skip."""
    for year in range(2024, 2032):
        start = date(year, 1, 1)
        yield from _between(rule, start, start, start + timedelta(days=MOST_DAYS))


def _numbers(text: str, low: int, high: int, field: str, *, most: int = 31) -> tuple[int, ...]:
    if not text:
        return ()
    words = text.split(",")
    if len(words) <= most and all(re.fullmatch(r"[+-]?[0-9]{1,2}", word) for word in words):
        found = tuple(sorted({int(word) for word in words}))
        if all(low <= number <= high and number for number in found):
            return found
    raise FieldError(field, _("A number of this rule is not possible."), "invalid_rule")


def _days(text: str, freq: str, field: str) -> tuple[tuple[int, int], ...]:
    if not text:
        return ()
    found = [_NTH_DAY.fullmatch(word) for word in text.split(",")]
    if len(found) > 35 or not all(found):
        raise FieldError(field, _("Days are written MO, TU, WE, TH, FR, SA, SU."), "invalid_rule")
    days = {(int(match[1] or 0), DAYS.index(match[2])) for match in found if match}
    limit = {"MONTHLY": 5, "YEARLY": 53}.get(freq, 0)
    if any(abs(nth) > limit for nth, _day in days):
        raise FieldError(field, _("This rule has no such weekday."), "invalid_rule")
    return tuple(sorted(days, key=lambda one: (one[1], one[0])))


def _week_start(text: str, field: str) -> int:
    if text not in DAYS:
        raise FieldError(field, _("Days are written MO, TU, WE, TH, FR, SA, SU."), "invalid_rule")
    return DAYS.index(text)


@lru_cache(maxsize=4096)
def of(text: str) -> Rule:
    """A rule that was checked when it was written."""
    return parsed(text)


def days_between(text: str, starts_on: date, first: date, last: date) -> list[date]:
    """The days of a kept rule from `first` to `last`, both included, none before `starts_on`, which says the rest."""
    last = min(last, max(first, starts_on) + timedelta(days=MOST_DAYS))
    return list(_between(of(text), starts_on, max(first, starts_on), last))


def _between(rule: Rule, starts_on: date, first: date, last: date) -> Iterator[date]:
    for period in _periods(rule, starts_on, first, last):
        found = sorted(set(_of_period(rule, starts_on, period)))
        if rule.positions:
            size = len(found)
            chosen = {p - 1 if p > 0 else size + p for p in rule.positions}
            found = [day for at, day in enumerate(found) if at in chosen]
        yield from (day for day in found if first <= day <= last and day >= starts_on)


def _periods(rule: Rule, starts_on: date, first: date, last: date) -> Iterator[date]:
    """The first days of those days, weeks, months or years in the window that the interval does not skip."""
    step = rule.interval
    if rule.freq in {"DAILY", "WEEKLY"}:
        length = step * (7 if rule.freq == "WEEKLY" else 1)
        start = starts_on
        if rule.freq == "WEEKLY":
            start -= timedelta(days=(starts_on.weekday() - rule.week_start) % 7)
        start += timedelta(days=max(0, (first - start).days // length) * length)
        while start <= last:
            yield start
            start += timedelta(days=length)
        return
    months = step * (12 if rule.freq == "YEARLY" else 1)
    origin = starts_on.year * 12 + (starts_on.month - 1 if rule.freq == "MONTHLY" else 0)
    at = origin + max(0, (first.year * 12 + first.month - 1 - origin) // months) * months
    while at <= last.year * 12 + last.month - 1:
        yield date(at // 12, at % 12 + 1, 1)
        at += months


def _of_period(rule: Rule, starts_on: date, period: date) -> Iterable[date]:
    weekdays = {day for _nth, day in rule.days}
    if rule.freq == "DAILY":
        days: Iterable[date] = [period]
    elif rule.freq == "WEEKLY":
        days = (period + timedelta(days=n) for n in range(7))
        weekdays = weekdays or {starts_on.weekday()}
    elif rule.freq == "MONTHLY":
        return _of_month(rule, starts_on, period) if not rule.months or period.month in rule.months else ()
    else:
        return _of_year(rule, starts_on, period.year)
    return (
        day
        for day in days
        if (not weekdays or day.weekday() in weekdays)
        and (not rule.months or day.month in rule.months)
        and (not rule.month_days or _is_month_day(day, rule.month_days))
    )


def _of_month(rule: Rule, starts_on: date, period: date) -> list[date]:
    length = calendar.monthrange(period.year, period.month)[1]
    days = [period.replace(day=n) for n in range(1, length + 1)]
    if not rule.days and not rule.month_days:
        return [day for day in days if day.day == starts_on.day]
    found = [day for day in days if not rule.month_days or _is_month_day(day, rule.month_days)]
    return [day for day in found if not rule.days or _is_nth(day, days, rule.days)]


def _of_year(rule: Rule, starts_on: date, year: int) -> list[date]:
    first = date(year, 1, 1)
    if rule.months or rule.month_days or not rule.days:
        months = rule.months or (range(1, 13) if rule.month_days else (starts_on.month,))
        return [day for month in months for day in _of_month(rule, starts_on, date(year, month, 1))]
    days = [first + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)]
    return [day for day in days if _is_nth(day, days, rule.days)]


def _is_month_day(day: date, wanted: tuple[int, ...]) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in wanted or day.day - length - 1 in wanted


def _is_nth(day: date, days: list[date], wanted: tuple[tuple[int, int], ...]) -> bool:
    """Whether it is the nth of its weekday among the days of its month or year."""
    at = (day - days[0]).days // 7 + 1
    behind = -((days[-1] - day).days // 7 + 1)
    return any(day.weekday() == weekday and nth in (0, at, behind) for nth, weekday in wanted)
