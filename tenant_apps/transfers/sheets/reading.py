"""Reading a table row by row, every cell as text. Memory does not grow with the file."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from tenant_apps.transfers.errors import Unreadable
from tenant_apps.transfers.sheets import excel
from tenant_apps.transfers.sheets.detecting import Reading

MAX_COLUMNS = 100
MAX_CELL = 10_000  # characters
MAX_PARTS = 1000  # files inside an .xlsx
UNREADABLE = "\ufffd"  # stands for what no text can hold; the check refuses it, with the row's number
FORMULA = ("=", "+", "-", "@")
_BROKEN = (
    excel.Damaged, ExpatError, zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError,
    AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


def filled(file: BinaryIO, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """(number in the file, cells) of the records: what follows the header, blank rows aside. Raises Unreadable."""
    first = reading.skip + reading.has_header
    count = 0
    for number, cells in enumerate(rows(file, reading), start=1):
        if number <= first or not any(cells):
            continue
        count += 1
        if count > settings.IMPORT_MAX_ROWS:
            raise Unreadable(
                _("The file has more than %(limit)d rows. Split it and import the parts one by one."),
                limit=settings.IMPORT_MAX_ROWS,
            )
        yield number, cells


def rows(file: BinaryIO, reading: Reading) -> Iterator[list[str]]:
    """All rows, the header and blank ones too. Raises Unreadable."""
    file.seek(0)
    for number, cells in enumerate(_csv(file, reading) if reading.kind == "csv" else _xlsx(file), start=1):
        cells = [cell.replace("\x00", UNREADABLE) for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(
                _("Row %(row)d has more than %(limit)d columns. Keep only those you need."),
                row=number, limit=MAX_COLUMNS,
            )  # fmt: skip
        for cell in cells:
            if len(cell) > MAX_CELL:
                raise Unreadable(
                    _("A cell of row %(row)d holds more than %(limit)d characters. Is a quotation mark missing there?"),
                    row=number, limit=MAX_CELL,
                )  # fmt: skip
        yield cells


def _csv(file: BinaryIO, reading: Reading) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=reading.encoding, errors="replace", newline="")
    try:
        reader = csv.reader(text, delimiter=reading.delimiter, strict=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(
                    _("Line %(line)d cannot be read: a quotation mark is missing or stands in the wrong place."),
                    line=reader.line_num,
                ) from error
            yield [unescaped(cell.strip()) for cell in row]
    finally:
        text.detach()  # the file is the caller's


def _xlsx(file: BinaryIO) -> Iterator[list[str]]:
    _refuse_bomb(file)
    is_empty = True
    try:
        for row in excel.first_sheet(file, max_columns=MAX_COLUMNS):
            is_empty = False
            yield [as_text(value) for value in row]
    except _BROKEN as error:
        raise Unreadable(_("This Excel file is damaged. Open it in Excel, save it again and try once more.")) from error
    if is_empty:
        raise Unreadable(_("The file is empty."))


def _refuse_bomb(file: BinaryIO) -> None:
    """An .xlsx is a zip archive: a small one may unfold into gigabytes. Raises Unreadable."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable(_("This Excel file is damaged. Open it in Excel, save it again and try once more.")) from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Unreadable(_("This is not a table. Choose a CSV or an Excel file (.xlsx)."))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > settings.IMPORT_MAX_UNPACKED_BYTES:
        raise Unreadable(_("This Excel file is too large once unpacked. Split it, or save it as CSV."))
    file.seek(0)


def as_text(value: Any) -> str:
    """A cell as a person would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return unescaped(str(value).strip())


def unescaped(text: str) -> str:
    """Without the quotation mark that an export puts before what looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text
