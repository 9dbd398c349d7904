"""Writing tables: nothing in them can run as a formula, and Excel opens them in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

BOM = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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


def write_xlsx(file: BinaryIO, rows: Iterable[Sequence[Any]]) -> None:
    """An Excel file. Numbers and dates stay what they are; rows go to disk as they come."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in rows:
        sheet.append([_cell(escaped(value)) for value in row])
    workbook.save(file)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _text(value: Any, portuguese: bool) -> str:
    match value:
        case None:
            return ""
        case float():
            return str(value).replace(".", ",") if portuguese else str(value)
        case datetime():
            return timezone.localtime(value).strftime("%d/%m/%Y %H:%M" if portuguese else "%Y-%m-%d %H:%M")
        case date():
            return value.strftime("%d/%m/%Y" if portuguese else "%Y-%m-%d")
        case _:
            return str(value)


def _cell(value: Any) -> Any:
    """Excel knows no time zones and no control characters."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
