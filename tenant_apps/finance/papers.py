"""The two papers of money as PDF: what is due (with its PIX code) and the receipt of what was paid."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import reportlab
import segno
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from shared_apps.core import formats
from shared_apps.organizations import current
from tenant_apps.finance.charging import Charge
from tenant_apps.finance.models import Entry, Payment

PLAIN, BOLD = "Vera", "VeraBd"  # Bitstream Vera, which reportlab brings along; it has the accents
INK, QUIET, LINE = HexColor("#1c1917"), HexColor("#57534e"), HexColor("#e9e3d8")
LEFT, RIGHT, TOP = 20 * mm, A4[0] - 20 * mm, A4[1] - 20 * mm
LONGEST_CODE_LINE = 95


def charge(given: Charge) -> bytes:
    """What is due of an entry today."""
    entry, due = given.entry, given.due
    paper = _Paper(_("Charge"))
    paper.facts(
        [
            (_("For"), _who(entry)),
            (_("What for"), entry.description),
            (_("Due on"), formats.date(entry.due_on)),
            (pgettext("money", "Amount"), _money(entry.amount)),
            *([(_("Already paid"), _money(entry.paid))] if entry.paid else []),
            *([(_("Late fee and interest"), _money(due.extra))] if due.extra else []),
            *([(_("Discount"), f"- {_money(due.discount)}")] if due.discount else []),
        ]
    )
    paper.big(_("To pay on %(day)s") % {"day": formats.date(current.today())}, _money(due.total))
    if given.can_pix:
        paper.pix(given.pix_code)
    return paper.done()


def receipt(payment: Payment) -> bytes:
    """What was paid, when and for what."""
    entry = payment.entry
    paper = _Paper(_("Receipt"))
    paper.facts(
        [
            (_("Received from") if entry.kind == "receivable" else _("Paid to"), _who(entry)),
            (_("What for"), entry.description),
            (_("Paid on"), formats.date(payment.paid_on)),
            (_("Method"), capfirst(payment.get_method_display())),
            *([(_("Of it late fee and interest"), _money(payment.extra))] if payment.extra else []),
            *([(_("Discount"), _money(payment.discount))] if payment.discount else []),
            *([(_("Still open"), _money(entry.open_amount))] if entry.open_amount else []),
            *([(_("Reference"), payment.reference)] if payment.reference else []),
        ]
    )
    paper.big(_("Amount paid"), _money(payment.amount))
    if payment.reversal_id is not None:
        paper.note(_("This payment was reversed and does not count."))
    return paper.done()


def answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def file_name(entry: Entry, kind: str = "charge") -> str:
    return f"{kind}-{slugify(entry.description)[:40] or 'colmeia'}.pdf"


def _money(amount: object) -> str:
    return formats.money(amount, current.currency()).replace("\xa0", " ")  # type: ignore[arg-type] # amounts are Decimals


def _who(entry: Entry) -> str:
    if entry.client is None:
        return entry.party or "-"
    document = formats.document(entry.client.document)
    return f"{entry.client.legal_name or entry.client.name}{f' ({document})' if document else ''}"


@cache
def _fonts() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


class _Paper:
    """One A4 page that is filled from the top: the firm, a title, then what is added."""

    def __init__(self, title: str) -> None:
        _fonts()
        self.target = io.BytesIO()
        self.canvas = Canvas(self.target, pagesize=A4)
        self.firm = current.row()
        self.canvas.setTitle(title)
        self.canvas.setAuthor(self.firm.name if self.firm else "Colmeia")
        self.y = TOP
        self._head()
        self.text(title, size=20, font=BOLD, after=8 * mm)

    def _head(self) -> None:
        firm = self.firm
        left = LEFT
        if firm and firm.logo and default_storage.exists(firm.logo):
            with default_storage.open(firm.logo) as file:
                picture = ImageReader(io.BytesIO(file.read()))
            self.canvas.drawImage(
                picture, LEFT, TOP - 14 * mm, 28 * mm, 14 * mm, "auto", preserveAspectRatio=True, anchor="w"
            )
            left += 32 * mm
        lines = [firm.legal_name or firm.name, formats.document(firm.document)] if firm else ["Colmeia"]
        if firm:
            lines.append(" · ".join(filter(None, [formats.phone(firm.phone), firm.email])))
        self.y -= 4 * mm
        for number, line in enumerate(filter(None, lines)):
            self._line(
                line, left, 11 if number == 0 else 9, BOLD if number == 0 else PLAIN, INK if number == 0 else QUIET
            )
            self.y -= 5 * mm
        self.y = min(self.y, TOP - 16 * mm)
        self._rule()
        self.y -= 12 * mm

    def text(self, text: str, *, size: int = 10, font: str = PLAIN, colour: Color = INK, after: float = 2 * mm) -> None:
        for line in simpleSplit(text, font, size, RIGHT - LEFT):
            self._line(line, LEFT, size, font, colour)
            self.y -= size * 1.35
        self.y -= after

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        for label, value in facts:
            self._line(label, LEFT, 10, PLAIN, QUIET)
            for line in simpleSplit(value, PLAIN, 10, RIGHT - LEFT - 50 * mm)[:6]:
                self._line(line, LEFT + 50 * mm, 10, PLAIN, INK)
                self.y -= 5.5 * mm
            self.y -= 1 * mm
        self.y -= 2 * mm

    def big(self, label: str, value: str) -> None:
        self._rule()
        self.y -= 8 * mm
        self._line(label, LEFT, 11, PLAIN, QUIET)
        self.canvas.setFont(BOLD, 18)
        self.canvas.setFillColor(INK)
        self.canvas.drawRightString(RIGHT, self.y - 1.5 * mm, value)
        self.y -= 7 * mm
        self._rule()
        self.y -= 10 * mm

    def note(self, text: str) -> None:
        self.text(text, font=BOLD)

    def pix(self, code: str) -> None:
        self.text(_("Pay with PIX"), size=12, font=BOLD, after=1 * mm)
        self.text(
            _("Open your bank's app, choose PIX and point the camera at the code, or copy the text below."), size=9
        )
        side = 55 * mm
        drawn = io.BytesIO()
        segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
        drawn.seek(0)
        self.canvas.drawImage(ImageReader(drawn), LEFT, self.y - side, side, side)
        self.y -= side + 6 * mm
        for start in range(0, len(code), LONGEST_CODE_LINE):
            self._line(code[start : start + LONGEST_CODE_LINE], LEFT, 8, PLAIN, INK)
            self.y -= 4 * mm

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.target.getvalue()

    def _line(self, text: str, left: float, size: int, font: str, colour: Color) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(left, self.y, text)

    def _rule(self) -> None:
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)
