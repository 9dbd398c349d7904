"""What every paper has: the firm at the head, a title, and at the foot which page of how many it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, Image, PageTemplate, Paragraph, Table, TableStyle

from shared_apps.core.papers.look import (
    BAND,
    BODY,
    BOLD,
    FAINT,
    FIGURE,
    HEAD,
    INK,
    LINE,
    PLAIN,
    QUIET,
    SUM,
    TITLE,
    letters,
)

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
Cell = Flowable | str


@dataclass(frozen=True, slots=True)
class Firm:
    """Who hands the paper out. `logo` is a name in the organization's storage, or empty; `details`: number, phone."""

    name: str
    logo: str = ""
    details: tuple[str, ...] = ()


class _Counted(Canvas):
    """Draws the foot once it is known how many pages there are."""

    def __init__(self, *args: Any, foot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot, self._pages = foot, list[dict[str, Any]]()

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self._pages:
            self.__dict__.update(page)
            self._draw_foot(len(self._pages))
            super().showPage()
        super().save()

    def _draw_foot(self, pages: int) -> None:
        self.setStrokeColor(LINE)
        self.line(MARGIN, 13 * mm, A4[0] - MARGIN, 13 * mm)
        self.setFillColor(QUIET)
        self.setFont(PLAIN, 7.5)
        self.drawString(MARGIN, 9 * mm, letters(self._foot)[:120])
        said = _("Page %(page)s of %(pages)s") % {"page": self._pageNumber, "pages": pages}
        self.drawRightString(A4[0] - MARGIN, 9 * mm, letters(said))


def build(story: Sequence[Flowable], *, firm: Firm, title: str, context: str, foot: str) -> bytes:
    """The PDF. `context` is the line beside the firm's name, on every page."""
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=30 * mm,
        bottomMargin=17 * mm,
        title=letters(title),
        author=letters(firm.name),
    )
    frame = Frame(MARGIN, 17 * mm, WIDTH, A4[1] - 47 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    draw = partial(_draw_head, firm=firm, logo=logo_of(firm), context=context)
    document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=draw)])
    document.build(list(story), canvasmaker=partial(_Counted, foot=foot))
    return out.getvalue()


def text(value: object, style: ParagraphStyle = BODY) -> Paragraph:
    """Words of people, of which nothing is markup."""
    return Paragraph(escape(letters(str(value))).replace("\n", "<br/>"), style)


def table(head: Sequence[object], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> Table:
    """`widths` are shares of the paper's width. The head is repeated on each page."""
    total = sum(widths)
    made = Table(
        [[text(cell, HEAD) for cell in head], *rows],
        colWidths=[WIDTH * width / total for width in widths],
        repeatRows=1,
    )
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), BAND),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return made


def facts(pairs: Sequence[tuple[str, str]]) -> Table:
    """What is called how, a line each."""
    rows = [[text(label, FAINT), text(value)] for label, value in pairs]
    made = Table(rows, colWidths=[50 * mm, WIDTH - 50 * mm])
    made.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return made


def amount(label: str, value: str) -> Table:
    """The one number that the paper is about."""
    made = Table([[text(label), text(value, ParagraphStyle("amount", TITLE, alignment=SUM.alignment))]])
    look = [("LINEABOVE", (0, 0), (-1, -1), 0.6, LINE), ("LINEBELOW", (0, 0), (-1, -1), 0.6, LINE)]
    made.setStyle(TableStyle([*look, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("BOTTOMPADDING", (0, 0), (-1, -1), 8)]))
    return made


def figure(value: str, *, is_sum: bool = False) -> Paragraph:
    """A number in a table."""
    return text(value, SUM if is_sum else FIGURE)


def picture(png: bytes, side: float) -> Image:
    """A square one, at the left."""
    return Image(BytesIO(png), side, side, hAlign="LEFT")


def logo_of(firm: Firm) -> ImageReader | None:
    if firm.logo:
        with suppress(OSError, ValueError), default_storage.open(firm.logo) as file:
            return ImageReader(BytesIO(file.read()))
    return None


def _draw_head(canvas: Canvas, _document: Any, *, firm: Firm, logo: ImageReader | None, context: str) -> None:
    top, left = A4[1] - 13 * mm, MARGIN
    if logo is not None:
        canvas.drawImage(logo, MARGIN, top - 8 * mm, 11 * mm, 11 * mm, preserveAspectRatio=True, mask="auto")
        left += 14 * mm
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 11)
    canvas.drawString(left, top - 1 * mm, letters(firm.name)[:70])
    canvas.setFillColor(QUIET)
    canvas.setFont(PLAIN, 8)
    canvas.drawString(left, top - 5.5 * mm, letters(context)[:110])
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, top - 11 * mm, A4[0] - MARGIN, top - 11 * mm)
