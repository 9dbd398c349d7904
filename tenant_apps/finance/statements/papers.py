"""A client's account on paper."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from shared_apps.core import formats
from tenant_apps.finance.statements import rows
from tenant_apps.finance.statements.client import Account

INK, QUIET, LINE = HexColor("#1c1917"), HexColor("#57534e"), HexColor("#e9e3d8")
FONT, BOLD = "Vera", "VeraBd"


class _Numbered(Canvas):
    """Says at the foot which page it is, and of how many: known only once all of them are there."""

    foot = ""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self.setFont(FONT, 7)
            self.setFillColor(QUIET)
            self.drawString(18 * mm, 10 * mm, self.foot)
            pages = _("Page %(number)s of %(count)s") % {"number": number, "count": len(self._kept)}
            self.drawRightString(A4[0] - 18 * mm, 10 * mm, pages)
            super().showPage()
        super().save()


def account_pdf(found: Account, *, firm: str, currency: str) -> bytes:
    _fonts()
    text = ParagraphStyle("text", fontName=FONT, fontSize=8, leading=11, textColor=INK)
    quiet = ParagraphStyle("quiet", parent=text, textColor=QUIET)
    head = ParagraphStyle("head", parent=text, fontName=BOLD, fontSize=14, leading=20)
    right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
    strong = ParagraphStyle("strong", parent=right, fontName=BOLD)

    def money(value: Any, style: ParagraphStyle = right) -> Paragraph:
        return Paragraph(escape(formats.money(value, currency)) if value != "" else "", style)

    period = f"{formats.date(found.period.start)} – {formats.date(found.period.end)}"
    whole = list(rows.of_account(found))
    table = [[Paragraph(escape(str(cell)), quiet) for cell in whole[0]]]
    for number, (on, said, charged, settled, balance) in enumerate(whole[1:], start=1):
        style = strong if number == len(whole) - 1 else right
        cells = [money(charged, style), money(settled, style), money(balance, style)]
        table.append([Paragraph(formats.date(on), text), Paragraph(escape(said), text), *cells])
    look = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    widths = [20 * mm, 73 * mm, 27 * mm, 27 * mm, 27 * mm]
    document = formats.document(found.client.document)
    story = [
        Paragraph(escape(firm), quiet),
        Paragraph(escape(_("Statement of %(client)s") % {"client": found.client.name}), head),
        Paragraph(escape(" · ".join(filter(None, [document, period]))), quiet),
        Spacer(1, 5 * mm),
        Table(table, colWidths=widths, repeatRows=1, style=TableStyle(look)),
    ]
    target = io.BytesIO()
    title = _("Statement of %(client)s") % {"client": found.client.name}
    margins = {"leftMargin": 18 * mm, "rightMargin": 18 * mm, "topMargin": 18 * mm, "bottomMargin": 18 * mm}
    paper = SimpleDocTemplate(target, pagesize=A4, title=title, author=firm, **margins)
    paper.build(story, canvasmaker=type("Numbered", (_Numbered,), {"foot": f"{firm} · {period}"}))
    return target.getvalue()


def _fonts() -> None:
    """Vera comes with reportlab and has Portuguese's accents."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        for name in (FONT, BOLD):
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
