"""How money, numbers, dates, documents, phones and CEPs are written for the person who reads them.

The language that is active decides, and for a moment in time the active time zone: a request has the organization's
(`shared_apps.web.locale`), a job says its own with `reading()`. Everything takes None and answers "".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel import numbers as babel_numbers
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from stdnum.br import cnpj, cpf


@contextmanager
def reading(*, locale: str, zone: str = "") -> Iterator[None]:
    """Write for somebody else than who is asking: in `locale` ("pt-br") and in the time zone `zone`.

    Without one it is the request's, and where there is none (a job, a command) the platform's: nobody lives in UTC.
    """
    known = known_locale(locale) or settings.LANGUAGE_CODE
    current = timezone.get_current_timezone_name()
    there = zone or (settings.PLATFORM_TIME_ZONE if current == settings.TIME_ZONE else current)
    with translation.override(known), timezone.override(ZoneInfo(there)):
        yield


def known_locale(code: str | None) -> str:
    """The one of settings.LANGUAGES that `code` means ("pt_BR", "en-GB"), else ""."""
    code = (code or "").replace("_", "-").lower()
    known = [name for name, _label in settings.LANGUAGES]
    if code in known:
        return code
    primary = code.partition("-")[0]
    return next((name for name in known if name.partition("-")[0] == primary), "")


def babel_locale() -> Locale:
    """The active language as Babel knows it."""
    return _babel_locale(translation.get_language() or "")


@cache
def _babel_locale(language: str) -> Locale:
    return Locale.parse(known_locale(language) or settings.LANGUAGE_CODE, sep="-")


def money(amount: Decimal | None, currency: str = "BRL") -> str:
    """ "R$ 1.234,50"; a space in it never breaks."""
    if amount is None:
        return ""
    return str(babel_numbers.format_currency(amount, currency, locale=babel_locale()))


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """ "1.234,5"; with exactly `places` decimals when they are given, else with those it has (three at most)."""
    if value is None:
        return ""
    if places is None and isinstance(value, int) and 0 <= value < 1000:
        return str(value)  # what every language writes alike, as most counts are
    pattern = None if places is None else f"#,##0.{'0' * places}".rstrip(".")
    return str(babel_numbers.format_decimal(value, format=pattern, locale=babel_locale()))


def percent(share: Decimal | None, places: int = 0) -> str:
    """A share of one: Decimal("0.255") is "26%"."""
    if share is None:
        return ""
    pattern = f"#,##0.{'0' * places}".rstrip(".") + "%"
    return str(babel_numbers.format_percent(share, format=pattern, locale=babel_locale()))


def date(value: datetime.date | datetime.datetime | None) -> str:
    """ "25/11/2026"; of a moment, its day in the active time zone."""
    return _dated(value, "SHORT_DATE_FORMAT")


def long_date(value: datetime.date | datetime.datetime | None) -> str:
    """ "25 de novembro de 2026"."""
    return _dated(value, "DATE_FORMAT")


def time(value: datetime.time | datetime.datetime | None) -> str:
    """ "14:05"."""
    if value is None:
        return ""
    return time_format(_local(value) if isinstance(value, datetime.datetime) else value, "TIME_FORMAT")


def date_time(value: datetime.datetime | None) -> str:
    """ "25/11/2026 14:05"."""
    return _dated(value, "SHORT_DATETIME_FORMAT")


def document(digits: str | None) -> str:
    """A CPF or CNPJ with its punctuation: "39053344705" is "390.533.447-05". Anything else as it is."""
    digits = digits or ""
    if len(digits) == 11:
        return str(cpf.format(digits))
    return str(cnpj.format(digits)) if len(digits) == 14 else digits


def phone(number: str | None) -> str:
    """E.164 as people write it: Brazilian ones without the country, others with. Anything else as it is."""
    number = number or ""
    try:
        parsed = phonenumbers.parse(number, "BR")
    except phonenumbers.NumberParseException:
        return number
    national = parsed.country_code == 55
    style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def postal_code(digits: str | None) -> str:
    """A CEP: "01310100" is "01310-100". Anything else as it is."""
    digits = digits or ""
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 8 else digits


def _dated(value: datetime.date | datetime.datetime | None, style: str) -> str:
    if value is None:
        return ""
    return date_format(_local(value) if isinstance(value, datetime.datetime) else value, style)


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
