"""Letters and colours of every paper. Roboto (Apache License 2.0) knows Latin, Greek and Cyrillic; of it a paper holds
the letters that stand on it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Roboto", "Roboto-Bold"
_FILES = resources.files("font_roboto") / "files"
_PLAIN, _BOLD = TTFont(PLAIN, str(_FILES / "Roboto-Regular.ttf")), TTFont(BOLD, str(_FILES / "Roboto-Bold.ttf"))
for _font in (_PLAIN, _BOLD):
    registerFont(_font)

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

_NEAR = {"\u202f": " ", "\u00a0": " ", "\u200b": "", "\u2192": ">"}


def letters(text: str) -> str:
    """The text as the font can write it: a letter that it lacks without its accent, else as "?"."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _letter(one: str) -> str:
    one = _NEAR.get(one, one)
    if not (one.isprintable() or one.isspace()):
        return ""
    for way in (one, unicodedata.normalize("NFKD", one)[:1]):
        if not way or way.isspace() or ord(way) in _PLAIN.face.charToGlyph:
            return way
    return "?"
