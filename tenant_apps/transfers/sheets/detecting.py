"""What kind of table a file holds. Its content decides; the ending of its name says nothing."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from django.utils.translation import gettext as _

from tenant_apps.transfers import columns
from tenant_apps.transfers.errors import Unreadable

Kind = Literal["csv", "xlsx"]
Known = Callable[[str], str]
SAMPLE = 64 * 1024  # bytes
DELIMITERS = ";,\t|"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read the file. `skip`: rows before the header, such as a title."""

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    has_header: bool = True
    skip: int = 0


def detect(file: BinaryIO) -> Reading:
    """Raises Unreadable."""
    file.seek(0)
    sample = file.read(SAMPLE)
    if not sample.strip():
        raise Unreadable(_("The file is empty."))
    if sample.startswith(ZIP):
        return Reading("xlsx")
    if sample.startswith(OLE):
        raise Unreadable(
            _("This is an old Excel file (.xls) or has a password. Save it as .xlsx without a password, or as CSV.")
        )
    encoding = _encoding(file, sample)
    delimiter = _delimiter(sample.decode(encoding, errors="ignore"), is_whole=len(sample) < SAMPLE)
    return Reading("csv", encoding, delimiter)


def _encoding(file: BinaryIO, sample: bytes) -> str:
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    zeros = sample.count(b"\x00")
    if zeros * 3 > len(sample):
        return "utf-16-le" if sample[1::2].count(b"\x00") > sample[::2].count(b"\x00") else "utf-16-be"
    if len(_CONTROL.findall(sample)) * 100 > len(sample) or zeros * 10 > len(sample):
        raise Unreadable(_("This is not a table. Choose a CSV or an Excel file (.xlsx)."))
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while part := file.read(SAMPLE):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str, *, is_whole: bool) -> str:
    """The one that cuts the first lines into the most columns, the same number in most of them."""
    lines = text.splitlines()
    lines = (lines if is_whole or len(lines) == 1 else lines[:-1])[:50]
    best, most = ";", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = usual * widths.count(usual) / len(widths) if usual > 1 else 0.0
        if score > most:
            best, most = delimiter, score
    return best


def header_and_skip(head: list[list[str]], known: Known = columns.by_header) -> tuple[bool, int]:
    """Whether the rows begin with a header, and how many rows (blank ones, a title) stand before it.

    `known` says which field a header means.
    """
    for number, row in enumerate(head[:10]):
        if sum(bool(known(cell)) for cell in row) >= 2:
            return True, number
    first = next((number for number, row in enumerate(head) if any(row)), 0)
    return has_header(head[first:], known), first


def has_header(rows: list[list[str]], known: Known = columns.by_header) -> bool:
    """Whether the first row names the columns: it uses a word for one, or at least does not look like a record."""
    if not rows:
        return False
    if any(known(cell) for cell in rows[0]):
        return True
    return not any(columns.by_content([cell]) or any(c.isdigit() for c in cell) for cell in rows[0]) and len(rows) > 1
