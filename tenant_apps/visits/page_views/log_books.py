"""The log book of an asset: on the screen and on paper."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.files import pdf
from tenant_apps.visits import papers, queries, services
from tenant_apps.visits.models import LogRow, VisitReport
from tenant_apps.visits.page_views.answers import day_or_none
from tenant_apps.visits.papers.log_book import dosed, measured
from tenant_apps.visits.services.log_book import SHORT

SHOWN = 200  # rows on the page, the newest; the paper has all


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def log_book(request: HttpRequest, pk: UUID) -> HttpResponse:
    asset = queries.asset(pk)
    start, end = (day_or_none(request.GET.get(name, "")) for name in ("from", "until"))
    rows = list(queries.log_rows(asset, start, end).order_by("-number")[: SHOWN + 1])
    told_of = VisitReport.objects.filter(pk__in=[row.report_id for row in rows if row.report_id])
    known = set(told_of.values_list("pk", flat=True))  # a row outlives the report it tells of
    period = {"from": start.isoformat() if start else "", "until": end.isoformat() if end else ""}
    values = {
        "asset": asset,
        "client": asset.place.client,
        "rows": [_row(row, known) for row in rows[:SHOWN]],
        "has_more": len(rows) > SHOWN,
        "chain": services.verify(asset.pk),
        "asked": period,
        "query": urlencode({name: text for name, text in period.items() if text}),
    }
    return render(request, "visits/log_book.html", values)


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def log_book_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    asset = queries.asset(pk)
    start, end = (day_or_none(request.GET.get(name, "")) for name in ("from", "until"))
    rows = queries.log_rows(asset, start, end)
    chain = services.verify(asset.pk)
    made = papers.log_book(asset, rows, firm=current.letterhead(), start=start, end=end, chain=chain)
    return pdf(made, "log-book")


def _row(row: LogRow, known: Collection[UUID]) -> dict[str, Any]:
    return {
        "row": row,
        "report": row.report_id if row.report_id in known else None,
        "measured": measured(row.content),
        "dosed": dosed(row.content),
        "by": row.content.get("technician", ""),
        "corrects": row.content.get("corrects"),
        "seal": row.hash[:SHORT],
    }
