"""Days and times where the organization is. Every local time becomes a moment here, and nowhere else.

Where clocks go forward, some times of a day never come; where they go back, some come twice. What a rule gives
(`moment`) is then an hour later, or the first of the two. What a person typed (`typed`) is refused in the first case.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from shared_apps.organizations.current import zone


def moment(day: date, at: time, where: ZoneInfo | None = None) -> datetime:
    """The moment (UTC) of a local time."""
    return datetime.combine(day, at, tzinfo=where or zone()).astimezone(UTC)


def typed(day: date, at: time, *, field: str, where: ZoneInfo | None = None) -> datetime:
    """The same of what a person typed. Raises FieldError for a time that the clocks skip, or that no calendar has."""
    where = where or zone()
    try:
        found = moment(day, at, where)
        if found.astimezone(where).time().replace(tzinfo=None) == at.replace(tzinfo=None):
            return found
    except OverflowError as error:
        raise FieldError(field, _("Choose another day."), "invalid_date") from error
    raise FieldError(field, _("On this day the clocks go forward and skip this time. Choose another."), "skipped_time")


def day_of(at: datetime, where: ZoneInfo | None = None) -> date:
    return at.astimezone(where or zone()).date()


def day_bounds(day: date, where: ZoneInfo | None = None) -> tuple[datetime, datetime]:
    """The half-open time (UTC) of a local day, which has 23 or 25 hours when clocks change."""
    where = where or zone()
    return moment(day, time(), where), moment(day + timedelta(days=1), time(), where)
