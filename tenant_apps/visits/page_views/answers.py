"""What the pages share."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date

from shared_apps.tenancy.requests import route_of
from tenant_apps.visits.papers import Firm


def firm_of(request: HttpRequest) -> Firm:
    route = route_of(request)
    return Firm(route.name, route.logo)


def day_or_none(text: str) -> date | None:
    """A page forgives: what is no day asks for none."""
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None


def paper(content: bytes, name: str) -> HttpResponse:
    """A PDF, shown in the browser; its viewer needs no more than the bytes."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
