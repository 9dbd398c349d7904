"""Letters and colours of every paper. The built-in Helvetica needs no file and knows the letters of Western Europe."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
INK, QUIET, LINE, HONEY, BAND = (HexColor(c) for c in ("#1c1917", "#6b6258", "#e9e3d8", "#f59e0b", "#faf8f4"))

BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=7.5, leading=9.5)
FAINT = ParagraphStyle("faint", SMALL, textColor=QUIET)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
HEAD = ParagraphStyle("head", SMALL, fontName=BOLD, textColor=QUIET)
TITLE = ParagraphStyle("title", STRONG, fontSize=15, leading=19)
SECTION = ParagraphStyle("section", STRONG, fontSize=11, leading=14, spaceBefore=8, spaceAfter=3)
FIGURE = ParagraphStyle("figure", BODY, alignment=TA_RIGHT)
SUM = ParagraphStyle("sum", STRONG, alignment=TA_RIGHT)

_NEAR = {"\u202f": " ", "\u00a0": " ", "\u2212": "-", "\u2192": ">"}


def letters(text: str) -> str:
    """The text as the font can write it: without an accent that it lacks, else with a "?"."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _letter(one: str) -> str:
    one = _NEAR.get(one, one)
    if not (one.isprintable() or one.isspace()):
        return ""
    for way in (one, unicodedata.normalize("NFKD", one)[:1]):
        try:
            way.encode("cp1252")
        except UnicodeEncodeError:
            continue
        return way
    return "?"
