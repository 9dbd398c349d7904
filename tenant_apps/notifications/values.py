"""What a text's variables stand for: kept with its type, written for whoever reads it in their language and zone."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.functional import Promise

from shared_apps.core import formats


class Money(NamedTuple):
    amount: Decimal
    currency: str = "BRL"


class Times(NamedTuple):
    """From one time until another."""

    start: datetime.time
    end: datetime.time


Value = str | Promise | datetime.date | datetime.datetime | datetime.time | Money | Times
LONGEST = 500


def packed(values: Mapping[str, Value]) -> dict[str, Any]:
    """As JSON: text as it is, anything else by its kind; a text marked for translation stays one."""
    return {name: _packed(value) for name, value in values.items()}


def written(values: Mapping[str, Any]) -> dict[str, str]:
    """For the language and time zone that are active."""
    return {name: _written(value) for name, value in values.items()}


def _packed(value: Value) -> Any:
    match value:
        case Money():
            return {"money": str(value.amount), "currency": value.currency}
        case Times():
            return {"time": value.start.isoformat(), "until": value.end.isoformat()}
        case datetime.datetime():
            return {"moment": value.isoformat()}
        case datetime.date():
            return {"date": value.isoformat()}
        case datetime.time():
            return {"time": value.isoformat()}
        case Promise():
            with translation.override(None):
                return {"words": str(value)}
        case _:
            return str(value).replace("\x00", "")[:LONGEST]


def _written(value: Any) -> str:
    match value:
        case {"words": words}:
            return translation.gettext(words) if words else ""
        case {"money": amount, "currency": currency}:
            return formats.money(Decimal(amount), currency)
        case {"moment": moment}:
            return formats.date_time(datetime.datetime.fromisoformat(moment))
        case {"date": day}:
            return formats.date(datetime.date.fromisoformat(day))
        case {"time": start, "until": end}:
            return " - ".join(formats.time(datetime.time.fromisoformat(at)) for at in (start, end))
        case {"time": time}:
            return formats.time(datetime.time.fromisoformat(time))
        case _:
            return str(value)
