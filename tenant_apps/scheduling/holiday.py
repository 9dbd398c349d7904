"""Which days are holidays, by the `holidays` library, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
from django.utils import translation

LANGUAGES = {"pt-br": "pt_BR", "en": "en_US"}


@lru_cache(maxsize=256)
def of_year(country: str, state: str, year: int, language: str) -> Mapping[date, str]:
    """Names by day. A country or state that the library does not know has none."""
    try:
        return dict(holidays.country_holidays(country, subdiv=state or None, years=year, language=language or None))
    except NotImplementedError:
        return of_year(country, "", year, language) if state else {}


def name_of(day: date, *, country: str, state: str) -> str:
    """The holiday's name; empty on any other day."""
    language = LANGUAGES.get((translation.get_language() or "").lower(), "")
    return of_year(country, state, day.year, language).get(day, "")


def countries() -> dict[str, list[str]]:
    """The codes of the countries that are known, with those of their states."""
    return dict(holidays.list_supported_countries())
