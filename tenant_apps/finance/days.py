"""Days in the organization's time zone, months, and the organization itself as money needs to know it."""

from __future__ import annotations

import calendar
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from shared_apps.core.errors import FieldError
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from shared_apps.tenancy.routing import Route

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def route() -> Route | None:
    """The active organization's, where it has one (a test's or a shell's bare schema may not)."""
    active = context.active()
    return active.route or (None if active.is_public else routing.by_schema(active.schema))


def zone() -> ZoneInfo:
    known = route()
    return ZoneInfo(known.timezone if known else settings.TIME_ZONE)


def today(now: datetime | None = None) -> date:
    """The day it is for the organization."""
    return timezone.localdate(now, zone())


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


def own_words() -> AbstractContextManager[None]:
    """Write in the organization's language and time zone: for what a job or a receiver writes down."""
    known = route()
    return formats.reading(locale=known.locale, zone=known.timezone) if known else nullcontext()


def firm() -> Organization | None:
    """The active organization's row in public: its legal name, its currency."""
    known = route()
    return Organization.objects.filter(pk=known.organization_id).first() if known else None


def currency() -> str:
    known = firm()
    return known.currency if known else "BRL"
