"""Tables on paper: a PDF drawn row by row, however many there are, with the firm's head, repeated headings and sums.

Only the page at hand is kept as text; "page 3 of 12" is a drawing that each page refers to and that is made at the end,
so nothing is laid out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from shared_apps.core.papers.look import BAND, BOLD, HONEY, INK, LINE, PLAIN, QUIET, letters
from shared_apps.core.papers.sheet import Firm, logo_of

MARGIN, GAP, LEADING, SIZE = 36.0, 6.0, 10.5, 8.5
MOST_LINES = 3  # of a cell; what is longer ends in "…"


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    width: float = 1.0  # its share
    is_number: bool = False


@dataclass(slots=True)
class Paper:
    """What stands on every page. `facts`: what the table was asked for."""

    title: str
    firm: Firm
    made: str  # when, in words
    facts: Sequence[str] = ()


def write(
    target: BinaryIO, paper: Paper, headings: Sequence[Heading], rows: Iterable[Sequence[str]], sums: Sequence[str] = ()
) -> int:
    """Draw the table into `target`; `sums`, a cell a column, close it. Returns the number of pages."""
    sheet = _Sheet(target, paper, headings)
    for row in rows:
        sheet.row(row)
    if any(sums):
        sheet.row(sums, font=BOLD)
    return sheet.close()


def wrapped(text: str, width: float, font: str = PLAIN, size: float = SIZE) -> list[str]:
    """The text in lines no wider than `width`, at most MOST_LINES of them."""
    text = " ".join(letters(text).split())
    if not text or stringWidth(text, font, size) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        wider = f"{line} {word}" if line else word
        if stringWidth(wider, font, size) <= width:
            line = wider
            continue
        if line:
            lines.append(line)
        line = word
        while stringWidth(line, font, size) > width and len(line) > 1 and len(lines) < MOST_LINES:
            fits = _fitting(line, width, font, size)
            lines.append(line[:fits])
            line = line[fits:]
        if len(lines) >= MOST_LINES:
            break
    lines.append(line)
    if len(lines) <= MOST_LINES:
        return lines
    last = lines[MOST_LINES - 1]
    while last and stringWidth(f"{last}…", font, size) > width:
        last = last[:-1]
    return [*lines[: MOST_LINES - 1], f"{last}…"]


def _fitting(word: str, width: float, font: str, size: float) -> int:
    """How many of the first letters fit; one at least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if stringWidth(word[:middle], font, size) <= width else (low, middle - 1)
    return low


class _Sheet:
    def __init__(self, target: BinaryIO, paper: Paper, headings: Sequence[Heading]) -> None:
        self.size = landscape(A4) if len(headings) > 5 else A4
        self.canvas = Canvas(target, pagesize=self.size, pageCompression=1)
        self.canvas.setTitle(letters(paper.title))
        self.canvas.setAuthor(letters(paper.firm.name))
        self.paper, self.headings = paper, headings
        self.logo = logo_of(paper.firm)
        self.right = self.size[0] - MARGIN
        share = (self.right - MARGIN) / sum(one.width for one in headings)
        self.widths = [one.width * share for one in headings]
        self.page, self.count = 0, 0
        self._open()

    def row(self, cells: Sequence[str], font: str = PLAIN) -> None:
        lines = [wrapped(cell, width - GAP, font) for cell, width in zip(cells, self.widths, strict=True)]
        height = max(map(len, lines)) * LEADING + 5
        if self.y - height < MARGIN + 18:
            self._end_page()
            self._open()
        if font == BOLD:
            self._rule(self.y, HONEY, 1)
        elif self.count % 2:
            self.canvas.setFillColor(BAND)
            self.canvas.rect(MARGIN, self.y - height, self.right - MARGIN, height, stroke=0, fill=1)
        self.count += 1
        self._cells(lines, font, SIZE, INK)
        self.y -= height

    def close(self) -> int:
        self._end_page()
        self.canvas.beginForm("total", 0, 0, 60, 12)
        self.canvas.setFont(PLAIN, 8)
        self.canvas.setFillColor(QUIET)
        self.canvas.drawString(0, 2, str(self.page))
        self.canvas.endForm()
        self.canvas.save()
        return self.page

    def _open(self) -> None:
        self.page += 1
        self.y = self.size[1] - MARGIN
        if self.page == 1:
            self._head()
        lines = [
            wrapped(one.label, width - GAP, BOLD, 8) for one, width in zip(self.headings, self.widths, strict=True)
        ]
        self.y -= 2
        self._cells(lines, BOLD, 8, QUIET)
        self.y -= max(map(len, lines)) * LEADING + 4
        self._rule(self.y, HONEY, 1)

    def _head(self) -> None:
        left, paper, canvas = MARGIN, self.paper, self.canvas
        if self.logo:
            canvas.drawImage(self.logo, MARGIN, self.y - 36, 36, 36, mask="auto", preserveAspectRatio=True)
            left += 46
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 15)
        canvas.drawString(left, self.y - 14, wrapped(paper.title, self.right - left - 200, BOLD, 15)[0])
        canvas.setFont(PLAIN, 9)
        canvas.setFillColor(QUIET)
        facts = " · ".join(paper.facts)
        for number, line in enumerate(wrapped(facts, self.right - left - 200, PLAIN, 9)):
            canvas.drawString(left, self.y - 28 - number * 11, line)
        canvas.setFont(BOLD, 10)
        canvas.setFillColor(INK)
        canvas.drawRightString(self.right, self.y - 12, wrapped(paper.firm.name, 200, BOLD, 10)[0])
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(QUIET)
        for number, line in enumerate(paper.firm.details):
            canvas.drawRightString(self.right, self.y - 24 - number * 10, letters(line))
        self.y -= 64

    def _end_page(self) -> None:
        canvas = self.canvas
        self._rule(MARGIN + 10, LINE, 0.5)
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(
            MARGIN, MARGIN - 2, letters(f"{self.paper.firm.name} · {self.paper.title} · {self.paper.made}")
        )
        before = letters(_("Page %(number)s of") % {"number": self.page}) + " "
        start = self.right - stringWidth(before, PLAIN, 8) - 18
        canvas.drawString(start, MARGIN - 2, before)
        canvas.saveState()
        canvas.translate(start + stringWidth(before, PLAIN, 8), MARGIN - 4)
        canvas.doForm("total")
        canvas.restoreState()
        canvas.showPage()

    def _rule(self, y: float, colour: Any, width: float) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.line(MARGIN, y, self.right, y)

    def _cells(self, lines: list[list[str]], font: str, size: float, colour: Any) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        left = MARGIN
        for cell, heading, width in zip(lines, self.headings, self.widths, strict=True):
            for number, line in enumerate(cell):
                y = self.y - LEADING - number * LEADING
                if heading.is_number:
                    self.canvas.drawRightString(left + width - GAP / 2, y, line)
                else:
                    self.canvas.drawString(left + GAP / 2, y, line)
            left += width
