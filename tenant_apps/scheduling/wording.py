"""A rule in words: "Every 2 weeks on Monday and Thursday"."""

from __future__ import annotations

from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tenant_apps.scheduling import rules
from tenant_apps.scheduling.rules import Rule


def sentence(text: str, starts_on: date) -> str:
    """`starts_on` says the day that a short rule leaves open."""
    rule = rules.of(text)
    found = _often(rule)
    if days := _days(rule, starts_on):
        found = _("%(often)s %(days)s") % {"often": found, "days": days}
    if rule.months and rule.freq != "YEARLY":
        months = listed([_month(month) for month in rule.months])
        found = _("%(rule)s, in %(months)s") % {"rule": found, "months": months}
    return found


def listed(words: list[str]) -> str:
    """ "Monday, Wednesday and Friday"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _often(rule: Rule) -> str:
    count = {"count": rule.interval}
    if rule.freq == "DAILY":
        return ngettext("Every day", "Every %(count)s days", rule.interval) % count
    if rule.freq == "WEEKLY":
        return ngettext("Every week", "Every %(count)s weeks", rule.interval) % count
    if rule.freq == "MONTHLY":
        return ngettext("Every month", "Every %(count)s months", rule.interval) % count
    return ngettext("Every year", "Every %(count)s years", rule.interval) % count


def _days(rule: Rule, starts_on: date) -> str:
    if rule.positions:
        return _("on chosen days (%(rule)s)") % {"rule": str(rule)}
    weekdays = [_nth_weekday(nth, day) for nth, day in rule.days]
    month_days = [_month_day(day) for day in rule.month_days]
    if rule.freq == "WEEKLY":
        weekdays = weekdays or [weekday(starts_on.weekday())]
    elif rule.freq == "MONTHLY" and not weekdays and not month_days:
        month_days = [_month_day(starts_on.day)]
    elif rule.freq == "YEARLY":
        months = rule.months or (() if month_days or weekdays else (starts_on.month,))
        if not weekdays and not month_days:
            month_days = [_month_day(starts_on.day)]
        if months:
            days = listed(weekdays or month_days)
            return _("on %(days)s of %(months)s") % {"days": days, "months": listed([_month(one) for one in months])}
    if weekdays and month_days:
        return _("on %(days)s that is %(month_days)s") % {"days": listed(weekdays), "month_days": listed(month_days)}
    return _("on %(days)s") % {"days": listed(weekdays or month_days)} if weekdays or month_days else ""


def weekday(number: int) -> str:
    """Within a sentence; Portuguese writes it small there."""
    return str(WEEKDAYS[number]).lower() if get_language() == "pt-br" else str(WEEKDAYS[number])


def _month(number: int) -> str:
    return str(MONTHS[number]).lower() if get_language() == "pt-br" else str(MONTHS[number])


def _month_day(day: int) -> str:
    if day == -1:
        return _("the last day")
    if day < 0:
        return _("the %(day)sth day from the end") % {"day": -day}
    return _("day %(day)s") % {"day": day}


def _nth_weekday(nth: int, day: int) -> str:
    name = weekday(day)
    if not nth:
        return name
    which = ordinal(nth, is_weekend=day > 4)
    return _("the %(which)s %(weekday)s") % {"which": which, "weekday": name}


def ordinal(nth: int, *, is_weekend: bool) -> str:
    """The first to fifth or last; in Portuguese weekdays are feminine, Saturday and Sunday are not."""
    if is_weekend:
        known = {
            1: pgettext("Saturday or Sunday", "1st"),
            2: pgettext("Saturday or Sunday", "2nd"),
            3: pgettext("Saturday or Sunday", "3rd"),
            4: pgettext("Saturday or Sunday", "4th"),
            5: pgettext("Saturday or Sunday", "5th"),
            -1: pgettext("Saturday or Sunday", "last"),
        }
    else:
        known = {
            1: pgettext("Monday to Friday", "1st"),
            2: pgettext("Monday to Friday", "2nd"),
            3: pgettext("Monday to Friday", "3rd"),
            4: pgettext("Monday to Friday", "4th"),
            5: pgettext("Monday to Friday", "5th"),
            -1: pgettext("Monday to Friday", "last"),
        }
    return known.get(nth, f"{nth}.")
