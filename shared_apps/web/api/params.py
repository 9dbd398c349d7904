"""Query parameters: read with a type, refused by name. A misspelt filter is an error, never everybody's rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from shared_apps.tenancy.requests import route_of
from shared_apps.web.api.errors import InvalidParameter, PageNotFound

MAX_LENGTH = 200
MAX_PAGE_SIZE = 200
PAGE_SIZE = 50


def check_names(request: Request, allowed: Collection[str], *, prefixes: tuple[str, ...] = ()) -> None:
    """Refuse parameters nobody reads, over-long values and null characters."""
    for name, values in request.query_params.lists():
        if name not in allowed and not name.startswith(prefixes or ("\0",)):
            raise InvalidParameter(name[:60], _("There is no such parameter."), "unknown_parameter")
        if any("\x00" in value for value in values):
            raise InvalidParameter(name[:60], _("Null characters are not allowed."), "null_characters_not_allowed")
        if any(len(value) > MAX_LENGTH for value in values):
            raise InvalidParameter(name[:60], _("At most %(limit)s characters.") % {"limit": MAX_LENGTH}, "max_length")


def text(request: Request, name: str) -> str:
    return str(request.query_params.get(name, "")).strip()


def choice(request: Request, name: str, choices: Collection[str], default: str = "") -> str:
    value = text(request, name) or default
    if value and value not in choices:
        raise InvalidParameter(name, _("One of: %(choices)s.") % {"choices": ", ".join(choices)}, "invalid_choice")
    return value


def moment(request: Request, name: str, *, end: bool = False) -> datetime | None:
    """A date and time; or a date: its first moment in the organization's time zone or, for `end`, the next day's."""
    value = text(request, name)
    if not value:
        return None
    try:
        day: date | None = parse_date(value)
        found = None if day else parse_datetime(value.replace(" ", "+"))  # a "+" in a query string is a blank
        if day:
            day += timedelta(days=1 if end else 0)
            return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(route_of(request).timezone))
        if found:
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidParameter(name, _("A date such as 2026-11-23, or a date and time with its zone."), "invalid_date")


def page_and_size(request: Request) -> tuple[int, int]:
    """The page's number, from 1, and its size. Raises PageNotFound, InvalidParameter."""
    number, size = text(request, "page") or "1", text(request, "page_size") or str(PAGE_SIZE)
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:12]) < 10**9):
        raise PageNotFound
    if not (size.isascii() and size.isdecimal() and 0 < int(size[:12]) <= MAX_PAGE_SIZE):
        raise InvalidParameter("page_size", _("From 1 to %(limit)s.") % {"limit": MAX_PAGE_SIZE}, "invalid_page_size")
    return int(number), int(size)
