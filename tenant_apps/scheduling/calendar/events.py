"""What the calendar shows between two moments, as JSON that PostgreSQL writes: 2,000 visits a month are no hurry.

Times are the organization's own, without a zone: the calendar draws what its clocks say, wherever the browser is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import DateTimeField, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from tenant_apps.scheduling import holiday, local
from tenant_apps.scheduling.models import Appointment, Booking, DayOff, Line, SchedulePolicy

LONGEST = timedelta(days=100)


class Local(Func):
    """A moment as the clocks of a time zone say it."""

    template = "(%(expressions)s)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateTimeField()


def between(start: datetime, end: datetime, *, with_cancelled: bool) -> list[str]:
    """A JSON text for each appointment. One statement."""
    found = Appointment.objects.between(start, end)
    if not with_cancelled:
        found = found.standing()
    zone = Value(current.zone().key, output_field=TextField())
    lines = Line.objects.filter(appointment=OuterRef("pk")).order_by("position", "pk")
    bookings = Booking.objects.filter(appointment=OuterRef("pk")).order_by("member_id")
    shaped = found.order_by("starts_at", "pk").values(
        "id",
        "version",
        "status",
        title=F("client__name"),
        city=F("place__city"),
        start=Local(F("starts_at"), zone),
        end=Local(F("ends_at"), zone),
        cancelled=Q(cancellation__isnull=False),
        series=Q(contract__isnull=False, is_detached=False),
        members=ArraySubquery(bookings.values("member_id")),
        offering=Subquery(lines.values(told=JSONObject(name="offering__name", colour="offering__colour"))[:1]),
    )
    return _json(shaped)


def background(start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Holidays and days off, as whole days. Two statements."""
    first, last = local.day_of(start), local.day_of(end)
    policy = SchedulePolicy.objects.first() or SchedulePolicy()
    days = [] if policy.works_on_holidays else list(_holidays(first, last, policy))
    for off in DayOff.objects.filter(starts_on__lte=last, ends_on__gte=first).select_related("member"):
        said = " · ".join(filter(None, [str(off.member) if off.member else _("Closed"), off.reason]))
        day_after = off.ends_on + timedelta(days=1)
        members = [str(off.member_id)] if off.member_id else []
        days.append({"start": off.starts_on, "end": day_after, "title": said, "members": members})
    return days


def asked(start: str, end: str) -> tuple[datetime, datetime]:
    """The moments a calendar asks for: local days, or local times. Raises FieldError."""
    first, last = _moment(start, "start"), _moment(end, "end")
    if not timedelta(0) < last - first <= LONGEST:
        raise FieldError("end", _("At most %(days)s days at once.") % {"days": LONGEST.days}, "out_of_range")
    return first, last


def typed(text: str, field: str) -> datetime:
    """A local time as the calendar gives it, "2026-11-25T10:00:00". Raises FieldError."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        found = None
    if found is None:
        raise FieldError(field, _("A date and time such as 2026-11-25T10:00."), "invalid_date")
    if found.tzinfo is not None:
        return found
    return local.typed(found.date(), found.time(), field=field)


def _moment(text: str, field: str) -> datetime:
    try:
        day, at = parse_date(text), None
    except ValueError:
        day, at = None, None
    if day is None:
        try:
            at = parse_datetime(text[:40])
        except ValueError:
            at = None
        if at is None:
            raise FieldError(field, _("A date and time such as 2026-11-25T10:00."), "invalid_date")
        if at.tzinfo is not None:
            return at
        day = at.date()
    if not 2000 <= day.year <= 2100:
        raise FieldError(field, _("Choose another day."), "invalid_date")
    return local.moment(day, at.time() if at else time())


def _holidays(first: date, last: date, policy: SchedulePolicy) -> Iterator[dict[str, Any]]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if name := holiday.name_of(day, country=policy.country, state=policy.state):
            yield {"start": day, "end": day + timedelta(days=1), "title": name, "members": []}


def _json(shaped: QuerySet[Any, Any]) -> list[str]:
    sql, params = shaped.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(r)::text FROM ({sql}) r", params)  # noqa: S608 - the ORM's own SQL
        return [text for (text,) in cursor.fetchall()]
