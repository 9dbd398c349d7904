"""Signatures as an answer: a picture and nothing else, kept by nobody on the way."""

from __future__ import annotations

from django.http import HttpResponse

from shared_apps.core.errors import NotThere
from tenant_apps.files.queries import opened
from tenant_apps.visits.models import VisitReport


def picture(report: VisitReport) -> bytes:
    """The PNG. Raises NotThere without one."""
    if not report.signature:
        raise NotThere
    with opened(report.signature) as file:
        return bytes(file.read())


def signature(report: VisitReport) -> HttpResponse:
    answer = HttpResponse(picture(report), content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
