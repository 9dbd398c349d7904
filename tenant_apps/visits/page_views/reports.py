"""The list of reports, and one of them: on the screen and on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.files import pdf
from tenant_apps.scheduling import local
from tenant_apps.team.models import Member
from tenant_apps.visits import drawn, kinds, papers, queries
from tenant_apps.visits.cards import address
from tenant_apps.visits.models import Reading, VisitReport
from tenant_apps.visits.page_views.answers import day_or_none

SIZE = 50
MOST_PAGES = 2000


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def report_list(request: HttpRequest) -> HttpResponse:
    start, end = (day_or_none(request.GET.get(name, "")) for name in ("from", "until"))
    member, state = uuid_or_none(request.GET.get("member", "")), request.GET.get("state", "")
    search = " ".join(request.GET.get("search", "").replace("\x00", "").split())[:100]
    found = queries.reports()
    if start:
        found = found.filter(appointment__starts_at__gte=local.day_bounds(start)[0])
    if end:
        found = found.filter(appointment__starts_at__lt=local.day_bounds(end)[1])
    if member:
        found = found.filter(by=member)
    if state in {"open", "done"}:
        found = found.filter(checked_out_at__isnull=state == "open")
    if search:
        found = found.filter(appointment__client__name__icontains=search)
    asked = {"search": search, "from": start, "until": end, "member": member, "state": state}
    query = urlencode({name: str(value) for name, value in asked.items() if value})
    number = request.GET.get("page", "")
    page = min(max(int(number), 1), MOST_PAGES) if number.isdecimal() and len(number) < 6 else 1
    rows = list(queries.with_rows(found)[(page - 1) * SIZE : page * SIZE + 1])
    values: dict[str, Any] = {
        "rows": [_row(report) for report in rows[:SIZE]],
        "asked": {**asked, "member": str(member or ""), "from": _iso(start), "until": _iso(end)},
        "is_all": not query,
        "members": Member.objects.filter(is_active=True).order_by("name", "email"),
        "summary": _summary(len(rows[:SIZE]), page),
        "previous": _at(query, page - 1) if page > 1 else "",
        "next": _at(query, page + 1) if len(rows) > SIZE else "",
    }
    return render(request, "visits/list.html", values)


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    report = queries.report(pk)
    readings: dict[Any, list[dict[str, Any]]] = {}
    for one in report.readings.all():
        readings.setdefault(one.asset, []).append(told(one))
    values = {
        "report": report,
        "client": report.appointment.client,
        "address": address(report.appointment),
        "readings": list(readings.items()),
        "doses": [{"dose": dose, "unit": kinds.dose_unit(dose.unit)} for dose in report.doses.all()],
        "photos": queries.photos_of(report),
        "undone": sum(1 for step in report.checklist if not step.get("done")),
    }
    return render(request, "visits/detail.html", values)


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def report_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    report = queries.report(pk)
    made = papers.report(report, photos=queries.photos_of(report), firm=current.letterhead())
    return pdf(made, f"visit-{report.appointment.starts_at:%Y-%m-%d}")


@requires(Permission.VISITS_REPORT)
@methods("GET")
def report_signature(request: HttpRequest, pk: UUID) -> HttpResponse:
    return drawn.signature(queries.report(pk))


def told(reading: Reading) -> dict[str, Any]:
    """A reading as a page shows it: value, good range, and a word where it is outside."""
    low, high = formats.number(reading.low), formats.number(reading.high)
    if low and high:
        good = _("good: %(low)s to %(high)s") % {"low": low, "high": high}
    else:
        good = (
            _("good: from %(low)s") % {"low": low}
            if low
            else _("good: up to %(high)s") % {"high": high}
            if high
            else ""
        )
    return {
        "label": kinds.label_of(reading.kind),
        "value": f"{formats.number(reading.value)} {kinds.unit_of(reading.kind)}".strip(),
        "good": good,
        "word": _("low") if reading.is_low else _("high") if reading.is_high else "",
    }


def _row(report: VisitReport) -> dict[str, Any]:
    outside = sum(1 for one in report.readings.all() if one.is_low or one.is_high)
    warning = ngettext("%(count)d reading outside", "%(count)d readings outside", outside) % {"count": outside}
    return {"report": report, "warning": warning if outside else "", "address": address(report.appointment)}


def _summary(shown: int, page: int) -> str:
    first = (page - 1) * SIZE + 1
    return f"{formats.number(first)} – {formats.number(first + shown - 1)}" if shown else ""


def _at(query: str, page: int) -> str:
    return f"?{query}{'&' if query else ''}page={page}"


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
