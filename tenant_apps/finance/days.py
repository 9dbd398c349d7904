"""Days and months as money counts them."""

from __future__ import annotations

import calendar
from datetime import date

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def checked(field: str, day: date) -> date:
    """A day that a business has. Raises FieldError."""
    if not EARLIEST <= day <= LATEST:
        raise FieldError(field, _("Give a date from 2000 to 2099."), "invalid_date")
    return day


def first(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def on(month: date, day: int) -> date:
    """The day of this number in the month, or its last where there is none."""
    return month.replace(day=min(max(day, 1), calendar.monthrange(month.year, month.month)[1]))


def shifted(day: date, months: int, *, anchor: int | None = None) -> date:
    """So many months later, on the same day of the month (`anchor`, if given), or the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return on(date(year, month + 1, 1), anchor or day.day)
