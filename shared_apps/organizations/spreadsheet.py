"""Organizations in a CSV file: a header line, then one organization a line. Comma or semicolon, UTF-8."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

REQUIRED = ("slug", "name", "owner")
OPTIONAL = ("legal_name", "document", "timezone", "locale")


class Unreadable(ValueError):
    """The file as a whole cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    fields: dict[str, str]  # the required ones always, of the optional ones those that are filled


def read(content: bytes) -> list[Row]:
    """Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text.") from None
    header = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    try:
        names = [name.strip().lower() for name in reader.fieldnames or []]
        _check_header(names)
        reader.fieldnames = names
        return [Row(reader.line_num, _fields(row)) for row in reader]
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}.") from error


def _check_header(names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    if missing or unknown or len(set(names)) < len(names):
        raise Unreadable(
            f"its first line must name the columns {', '.join(REQUIRED)}, and may name {', '.join(OPTIONAL)}"
            + (f"; {unknown[0]!r} is none of them." if unknown else ".")
        )


def _fields(row: dict[str, str | None]) -> dict[str, str]:
    given = {name: value or "" for name, value in row.items() if isinstance(name, str)}
    return {name: value for name, value in given.items() if value or name in REQUIRED}
