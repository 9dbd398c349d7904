"""A report as a file. Rows are read some at a time, so that its size does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.core import formats
from shared_apps.core.papers import long_table
from shared_apps.organizations import current
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue import Report
from tenant_apps.reports.naming import facts
from tenant_apps.transfers.sheets.writing import csv_lines, escaped

LOT = 1000
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """A report that is asked for, in the active language and time zone."""

    report: Report
    asked: Asked
    format: str

    @property
    def file_name(self) -> str:
        return f"{_('report')}-{self.report.key}-{timezone.localdate().isoformat()}.{self.format}"

    def rows(self) -> Any:
        return self.report.rows(self.asked)

    def count(self) -> int:
        return int(self.rows().order_by().count())

    def cells(self, tell: Tell) -> Iterator[list[Any]]:
        columns = self.report.columns
        for number, row in enumerate(self.rows().iterator(chunk_size=LOT), start=1):
            yield [column.of(row) for column in columns]
            if number % LOT == 0:
                tell(number)


def write_file(order: Order, target: BinaryIO, *, now: datetime, tell: Tell = lambda _n: None) -> None:
    """The whole file into `target`, which is left at its end."""
    match order.format:
        case "csv":
            target.writelines(csv_stream(order, tell=tell))
        case "xlsx":
            _write_xlsx(order, target, tell)
        case _:
            _write_pdf(order, target, now, tell)


def csv_stream(order: Order, *, tell: Tell = lambda _n: None) -> Iterator[bytes]:
    """As the transfers write theirs: nothing in it is a formula, and the reader's commas and semicolons."""

    def lines() -> Iterator[list[Any]]:
        yield [str(column.label) for column in order.report.columns]
        for cells in order.cells(tell):
            yield [float(cell) if isinstance(cell, Decimal) else cell for cell in cells]

    return csv_lines(lines(), language=get_language() or "")


def _write_xlsx(order: Order, target: BinaryIO, tell: Tell) -> None:
    """One sheet; a row is on disk before the next comes."""
    columns = order.report.columns
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True},
    )
    sheet = book.add_worksheet(str(order.report.title)[:31])
    head = book.add_format({"bold": True, "bottom": 2, "bottom_color": "#f59e0b"})
    look = {
        "money": book.add_format({"num_format": "#,##0.00"}),
        "number": book.add_format({"num_format": "General"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 10 * max(column.width, 1.1))
        sheet.write_string(0, at, str(column.label), head)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, cells in enumerate(order.cells(tell), start=1):
        for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if cell is None or cell == "":
                continue
            if column.is_number:
                sheet.write_number(number, at, float(cell), look[column.kind])
            elif column.kind in look:
                moment = timezone.localtime(cell) if isinstance(cell, datetime) else cell
                sheet.write_datetime(number, at, moment, look[column.kind])
            else:
                sheet.write_string(number, at, str(escaped(str(cell)))[:32767])
    if number:
        sheet.autofilter(0, 0, number, len(columns) - 1)
    book.close()


def _write_pdf(order: Order, target: BinaryIO, now: datetime, tell: Tell) -> None:
    columns = order.report.columns
    sums = order.report.sums(order.rows())
    closing = [column.shown(sums.get(column.key) or 0) if column.total else "" for column in columns]
    if not closing[0]:
        closing[0] = _("%(count)s rows") % {"count": formats.number(sums["rows"] or 0)}
    sheet = long_table.Paper(
        title=str(order.report.title),
        firm=current.letterhead(),
        made=formats.date_time(now),
        facts=facts(order.report, order.asked),
    )
    headings = [long_table.Heading(str(column.label), column.width, column.is_number) for column in columns]
    shown = ([c.shown(cell) for c, cell in zip(columns, cells, strict=True)] for cells in order.cells(tell))
    long_table.write(target, sheet, headings, shown, closing)
