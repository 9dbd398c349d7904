"""The rule of a contract as a form asks for it, and back: every so many days or weeks, or once in so many months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenant_apps.scheduling import rules
from tenant_apps.scheduling.rules import Rule

RHYTHMS = [
    ("weekly", _("By the week")),
    ("monthly_day", _("By the month, on a day")),
    ("monthly_weekday", _("By the month, on a weekday")),
    ("daily", _("By the day")),
    ("custom", _("Otherwise")),
]
NTHS = [("1", _("first")), ("2", _("second")), ("3", _("third")), ("4", _("fourth")), ("-1", _("last"))]


def rule_of(
    rhythm: str, *, every: int, weekdays: Sequence[str], month_day: int | None, nth: str, nth_weekday: str, text: str
) -> str:
    """The rule's text; whoever keeps it checks it. `month_day` 29 and more means the last day where there is none."""
    match rhythm:
        case "daily":
            rule = Rule("DAILY", every)
        case "monthly_day":
            day = month_day or 1
            if day > 28:  # the 31st, or the last day of a shorter month: the last of all days up to it
                rule = Rule("MONTHLY", every, month_days=tuple(range(28, day + 1)), positions=(-1,))
            else:
                rule = Rule("MONTHLY", every, month_days=(day,))
        case "monthly_weekday":
            rule = Rule("MONTHLY", every, days=((int(nth or 1), int(nth_weekday or 0)),))
        case "weekly":
            rule = Rule("WEEKLY", every, days=tuple((0, int(day)) for day in sorted(weekdays)))
        case _:
            return text
    return str(rule)


def fields_of(text: str, starts_on: date) -> dict[str, Any]:
    """What the form shows for a rule."""
    rule = rules.of(text)
    shown: dict[str, Any] = {"every": rule.interval, "rrule": text, "rhythm": "custom"}
    shown |= {"weekdays": [str(starts_on.weekday())], "month_day": starts_on.day, "nth": "1"}
    shown["nth_weekday"] = str(starts_on.weekday())
    if rule.months or rule.week_start:
        return shown
    if rule.freq == "DAILY" and not (rule.days or rule.month_days or rule.positions):
        shown["rhythm"] = "daily"
    elif rule.freq == "WEEKLY" and not rule.positions:
        shown["rhythm"] = "weekly"
        shown["weekdays"] = [str(day) for _nth, day in rule.days] or shown["weekdays"]
    elif rule.freq == "MONTHLY" and not rule.days:
        days = rule.month_days or (starts_on.day,)
        if len(days) == 1 and days[0] > 0 and not rule.positions:
            shown |= {"rhythm": "monthly_day", "month_day": days[0]}
        elif rule.positions == (-1,) and days == tuple(range(28, days[-1] + 1)):
            shown |= {"rhythm": "monthly_day", "month_day": days[-1]}
    elif rule.freq == "MONTHLY" and len(rule.days) == 1 and not (rule.month_days or rule.positions):
        ((nth, day),) = rule.days
        if str(nth) in dict(NTHS):
            shown |= {"rhythm": "monthly_weekday", "nth": str(nth), "nth_weekday": str(day)}
    return shown
