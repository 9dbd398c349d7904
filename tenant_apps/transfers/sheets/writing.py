"""Writing tables: nothing in them can run as a formula, and Excel opens them in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from shared_apps.core.csv_files import CONTENT_TYPE, csv_lines, escaped, is_portuguese

__all__ = ["CONTENT_TYPES", "csv_lines", "escaped", "is_portuguese", "write_xlsx"]

CONTENT_TYPES = {
    "csv": CONTENT_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_xlsx(file: BinaryIO, rows: Iterable[Sequence[Any]]) -> None:
    """An Excel file. Numbers and dates stay what they are; rows go to disk as they come."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in rows:
        sheet.append([_cell(escaped(value)) for value in row])
    workbook.save(file)


def _cell(value: Any) -> Any:
    """Excel knows no time zones and no control characters."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
