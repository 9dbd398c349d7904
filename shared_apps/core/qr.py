"""Codes to scan, such as a PIX "copia e cola"."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(code: str) -> SafeString:
    """An SVG element without styles, as large as its place; empty for an empty code."""
    if not code:
        return SafeString("")
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff"
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - segno draws squares; no text of the code is in it


def png(code: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    return drawn.getvalue()
