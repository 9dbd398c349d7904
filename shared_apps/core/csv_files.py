"""CSV as a spreadsheet opens it in the reader's language; nothing in it can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

BOM = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def is_portuguese(language: str) -> bool:
    return language.lower().startswith("pt")


def escaped(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets a ' before it."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def csv_lines(rows: Iterable[Sequence[Any]], *, language: str) -> Iterator[bytes]:
    """A CSV file, some rows at a time: UTF-8 with a BOM; semicolons and decimal commas where Portuguese is spoken."""
    portuguese = is_portuguese(language)
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=";" if portuguese else ",")
    for number, row in enumerate(rows, start=1):
        writer.writerow([_text(escaped(value), portuguese) for value in row])
        if number % 200 == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _text(value: Any, portuguese: bool) -> str:
    match value:
        case None:
            return ""
        case float() | Decimal():
            return str(value).replace(".", ",") if portuguese else str(value)
        case datetime():
            return timezone.localtime(value).strftime("%d/%m/%Y %H:%M" if portuguese else "%Y-%m-%d %H:%M")
        case date():
            return value.strftime("%d/%m/%Y" if portuguese else "%Y-%m-%d")
        case _:
            return str(value)
