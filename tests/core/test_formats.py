"""How things are written, in both languages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from shared_apps.core import formats

MOMENT = datetime.datetime(2026, 11, 26, 1, 5, tzinfo=datetime.UTC)  # still the evening before in São Paulo


@pytest.mark.parametrize(
    ("written", "value", "portuguese", "english"),
    [
        (formats.money, Decimal("1234.5"), "R$\xa01.234,50", "R$1,234.50"),
        (formats.money, Decimal("-0.01"), "-R$\xa00,01", "-R$0.01"),
        (formats.number, Decimal("1234.5"), "1.234,5", "1,234.5"),
        (formats.number, 10000, "10.000", "10,000"),
        (lambda value: formats.number(value, 2), Decimal("7"), "7,00", "7.00"),
        (lambda value: formats.number(value, 0), Decimal("7.4"), "7", "7"),
        (formats.percent, Decimal("0.255"), "26%", "26%"),
        (lambda value: formats.percent(value, 1), Decimal("0.2551"), "25,5%", "25.5%"),
        (formats.date, datetime.date(2026, 3, 9), "09/03/2026", "Mar 9, 2026"),
        (formats.date, MOMENT, "25/11/2026", "Nov 25, 2026"),
        (formats.long_date, MOMENT, "25 de novembro de 2026", "November 25, 2026"),
        (formats.time, MOMENT, "22:05", "22:05"),
        (formats.time, datetime.time(8, 30), "08:30", "08:30"),
        (formats.date_time, MOMENT, "25/11/2026 22:05", "Nov 25, 2026 22:05"),
    ],
)
def test_both_languages(written: Callable[[Any], str], value: Any, portuguese: str, english: str) -> None:
    with timezone.override(ZoneInfo("America/Sao_Paulo")):
        with translation.override("pt-br"):
            assert written(value).lower() == portuguese.lower()
        with translation.override("en"):
            assert written(value) == english


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.document("39053344705"), "390.533.447-05"),
        (formats.document("12345678000195"), "12.345.678/0001-95"),
        (formats.document("?"), "?"),
        (formats.phone("+5511912345678"), "(11) 91234-5678"),
        (formats.phone("+14155552671"), "+1 415-555-2671"),
        (formats.phone("call me"), "call me"),
        (formats.postal_code("01310100"), "01310-100"),
        (formats.postal_code("1"), "1"),
    ],
)
def test_brazilian_things(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    "write",
    [
        formats.money, formats.number, formats.percent, formats.date, formats.long_date, formats.time,
        formats.date_time, formats.document, formats.phone, formats.postal_code,
    ],
)  # fmt: skip
def test_nothing_is_written_as_nothing(write: Callable[[None], str]) -> None:
    assert write(None) == ""


@pytest.mark.parametrize(
    ("given", "known"),
    [("pt-br", "pt-br"), ("pt_BR", "pt-br"), ("pt-PT", "pt-br"), ("en-GB", "en"), ("tlh", ""), ("", ""), (None, "")],
)
def test_the_language_that_is_meant(given: str | None, known: str) -> None:
    assert formats.known_locale(given) == known


def test_a_job_writes_for_its_reader() -> None:
    with formats.reading(locale="en", zone="America/Rio_Branco"):
        assert formats.date_time(MOMENT) == "Nov 25, 2026 20:05"
    with formats.reading(locale="tlh"):
        assert translation.get_language() == "en"  # the tests' default


def test_what_is_written_without_a_request_is_in_the_readers_zone(settings: Any) -> None:
    """A job or a command has no time zone of its own; an hour in UTC means nothing to anybody."""
    settings.PLATFORM_TIME_ZONE = "America/Manaus"
    late = datetime.datetime(2026, 3, 1, 2, 30, tzinfo=datetime.UTC)
    timezone.deactivate()
    with formats.reading(locale="en"):
        assert formats.date(late) == formats.date(datetime.date(2026, 2, 28))
    with formats.reading(locale="en", zone="Asia/Tokyo"):
        assert formats.time(late) == formats.time(datetime.time(11, 30))
    with timezone.override("America/Sao_Paulo"), formats.reading(locale="en"):
        assert formats.time(late) == formats.time(datetime.time(23, 30))
