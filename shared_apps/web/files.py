"""Files as answers that a browser shows and keeps no copy of."""

from __future__ import annotations

from django.http import HttpResponse


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper, shown in the browser; its viewer needs no more than the bytes. `name` without an ending."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
