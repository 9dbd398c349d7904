"""The first worksheet of an Excel file, row by row.

openpyxl finds its way in the file: which part is the sheet, which styles are dates. The two large parts, the sheet and
the table of its texts, are read by expat as they are unpacked, several times faster and in constant memory. Readers
that first make the whole sheet a table in memory, as calamine's does, let a file of a few kilobytes ask for gigabytes:
with one cell at each end of a sheet, or one long text named by a million cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

CHUNK = 64 * 1024
LAST_ROW = 1_048_576  # of any Excel sheet
_AT = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Damaged(Exception):
    """Its XML is not that of a sheet."""


def first_sheet(file: BinaryIO, *, max_columns: int) -> Iterator[list[Any]]:
    """Its rows, from the first on, as texts, numbers, truths and dates; "" for what is empty.

    What stands beyond `max_columns` is put into one cell after them. Raises Damaged, and what zipfile, openpyxl and
    expat say of damaged files.
    """
    reader = _Book(file, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        path = reader.read_up_to_the_first_sheet()
        if not path:
            return
        rows = _Rows(reader.wb, reader.shared_strings, max_columns)
        with reader.archive.open(path) as source:
            for _ in _fed(rows, source):
                yield from rows.done
                rows.done.clear()


class _Book(ExcelReader):
    """openpyxl's reader, but for the table of texts; and no sheet is looked through for its size before it is read."""

    def read_up_to_the_first_sheet(self) -> str:
        """Everything a cell's value depends on. Returns the sheet's path in the archive; "" if there is none."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        parts = (part for _sheet, part in self.parser.find_sheets())
        sheets = (part.target for part in parts if part.target in self.valid_files and "chartsheet" not in part.Type)
        return next(sheets, "")

    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is not None:
            texts = _Texts()
            with self.archive.open(part.PartName[1:]) as source:
                for _ in _fed(texts, source):
                    pass
            self.shared_strings = texts.found


class _Reading:
    """What expat tells, by the names of elements without their prefix."""

    def __init__(self) -> None:
        self.text: list[str] = []  # of the element in hand
        self.is_text = False
        self.is_spoken = False  # how a text is pronounced is no part of it

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def ends(self, name: str) -> None:
        raise NotImplementedError

    def says(self, text: str) -> None:
        if self.is_text:
            self.text.append(text)

    def taken(self) -> str:
        text = "".join(self.text)
        self.text.clear()
        return _ESCAPED.sub(_character, text) if "_x" in text else text


class _Texts(_Reading):
    """The texts that cells name by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.is_text = not self.is_spoken
        elif name == "rPh":
            self.is_spoken = True

    def ends(self, name: str) -> None:
        if name == "t":
            self.is_text = False
        elif name == "si":
            self.found.append(self.taken())
        elif name == "rPh":
            self.is_spoken = False


class _Rows(_Reading):
    """The rows of a sheet; those that were read to their end are in `done`."""

    def __init__(self, book: Any, texts: list[str], max_columns: int) -> None:
        super().__init__()
        self.book, self.texts, self.max_columns = book, texts, max_columns
        self.columns = {get_column_letter(number + 1): number for number in range(max_columns)}
        self.done: list[list[Any]] = []
        self.row: list[Any] = []
        self.number = 0  # of the row in hand, from 1
        self.column = 0  # of the cell in hand, from 0
        self.next = 0
        self.kind, self.style = "n", "0"

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            at = attributes.get("r")
            self.column = self.next if at is None else self.column_of(at)
            self.next = self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.text.clear()
        elif name == "v":
            self.is_text = self.kind != "inlineStr"
        elif name == "t":
            self.is_text = self.kind == "inlineStr" and not self.is_spoken
        elif name == "rPh":
            self.is_spoken = True
        elif name == "row":
            number = int(attributes["r"]) if "r" in attributes else self.number + 1
            if not self.number < number <= LAST_ROW:
                raise Damaged(f"row {number} after row {self.number}")
            self.done += [[]] * (number - self.number - 1)
            self.row, self.number, self.next = [], number, 0

    def ends(self, name: str) -> None:
        if name == "c":
            if self.text:
                self.put(self.value())
        elif name in ("v", "t"):
            self.is_text = False
        elif name == "rPh":
            self.is_spoken = False
        elif name == "row":
            self.done.append(self.row)

    def put(self, value: Any) -> None:
        row, column = self.row, min(self.column, self.max_columns)
        if column == len(row):
            row.append(value)
            return
        if column > len(row):
            row += [""] * (column + 1 - len(row))
        row[column] = value

    def column_of(self, reference: str) -> int:
        column = self.columns.get(reference.rstrip("0123456789"))
        if column is None and _AT.fullmatch(reference) is None:
            raise Damaged(f"a cell at {reference!r}")
        return self.max_columns if column is None else column

    def value(self) -> Any:
        text = self.taken()
        match self.kind:
            case "n":
                return self.number_of(text)
            case "s":
                return self.texts[int(text)]
            case "b":
                return bool(int(text))
            case "d":
                return from_ISO8601(text)  # type: ignore[no-untyped-call]
            case _:
                return text

    def number_of(self, text: str) -> Any:
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        style = int(self.style)
        if style not in self.book._date_formats:
            return number
        try:
            return from_excel(number, self.book.epoch, timedelta=style in self.book._timedelta_formats)
        except (OverflowError, ValueError):
            return "#VALUE!"


def _fed(reading: _Reading, source: IO[bytes]) -> Iterator[None]:
    """Let `reading` hear the whole of a part; yields after each piece."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse  # Excel writes none; entities could unfold to anything

    def begin(name: str, attributes: dict[str, str]) -> None:
        """At the first element: almost all files name theirs without a prefix, and are read faster."""
        has_prefix = ":" in name
        parser.StartElementHandler = _unprefixed(reading.starts) if has_prefix else reading.starts
        parser.EndElementHandler = _unprefixed(reading.ends) if has_prefix else reading.ends
        parser.CharacterDataHandler = reading.says

    parser.StartElementHandler = begin
    while piece := source.read(CHUNK):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _unprefixed(hear: Callable[..., None]) -> Callable[..., None]:
    return lambda name, *attributes: hear(name.rpartition(":")[2], *attributes)


def _refuse(*_told: Any) -> None:
    raise Damaged("a document type")


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)  # half a character is none
