"""/reports/: the catalogue, each report on screen and as a file, those under way and those sent every month."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission, allows, requires
from shared_apps.web.access import methods, public
from shared_apps.web.toasts import toast
from tenant_apps.clients.models import Client
from tenant_apps.reports import naming, services
from tenant_apps.reports.answers import file_response, run_of, sent_run
from tenant_apps.reports.asked import Asked, this_month
from tenant_apps.reports.catalogue import REPORTS, Report, readable
from tenant_apps.reports.forms import FileForm, SubscriptionForm
from tenant_apps.reports.models import Format, Run, Subscription
from tenant_apps.reports.services.files import CONTENT_TYPES, Order
from tenant_apps.team.actor import actor_of
from tenant_apps.team.models import Member

PAGE_SIZE = 50
MOST_CLIENTS = 200  # in a drop-down list
TONES = {"done": "success", "failed": "danger", "running": "info", "waiting": "neutral"}


@methods("GET")
@requires(Permission.REPORTS_VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    member, now = actor_of(request), timezone.now()
    reports = readable(member.role)
    keys = [report.key for report in reports]
    runs = Run.objects.filter(Q(by=member) | Q(by=None), expires_at__gt=now, report__in=keys).order_by("-created_at")
    wanted = Subscription.objects.filter(is_active=True, report__in=keys).select_related("by").order_by("day", "pk")
    values = {
        "reports": reports,
        "runs": [{"run": run, "title": REPORTS[run.report].title, "tone": TONES[run.state]} for run in runs[:10]],
        "subscriptions": [
            {"one": one, "title": report.title,
             "facts": list(naming.chips(report, Asked.read(one.filters, report.statuses)).values())}
            for one in wanted for report in [REPORTS[one.report]]
        ],
    }  # fmt: skip
    return render(request, "reports/list.html", values)


@methods("GET")
@requires(Permission.REPORTS_VIEW)
def report_show(request: HttpRequest, key: str) -> HttpResponse:
    report = _report(request, key)
    return _page(request, report, _asked(request, report))


@methods("POST")
@requires(Permission.REPORTS_VIEW)
def file_create(request: HttpRequest, key: str) -> HttpResponseBase:
    """The file itself, or (when it is long) the page on which it will be."""
    report, form = _report(request, key), FileForm(request.POST)
    if not form.is_valid():
        raise Http404
    order = Order(report, Asked.read(request.GET, report.statuses), form.cleaned_data["format"])
    if order.format == "csv":
        stream = StreamingHttpResponse(services.csv_stream(order), content_type=CONTENT_TYPES["csv"])
        stream["Content-Disposition"] = f'attachment; filename="{order.file_name}"'
        stream["X-Accel-Buffering"] = "no"
        return stream
    now = timezone.now()
    if order.count() > settings.EXPORT_INLINE_ROWS:
        return redirect("reports:run", pk=services.order_run(order, actor=actor_of(request), now=now).pk)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    services.write_file(order, target, now=now)
    target.seek(0)
    kind = CONTENT_TYPES[order.format]
    return FileResponse(target, as_attachment=True, filename=order.file_name, content_type=kind)


@methods("POST")
@requires(Permission.REPORTS_VIEW)
def subscription_create(request: HttpRequest, key: str) -> HttpResponse:
    report, form = _report(request, key), SubscriptionForm(request.POST)
    asked = Asked.read(request.GET, report.statuses)
    if not form.is_valid():
        return _page(request, report, asked, form=form, status=422)
    services.subscribe(report, asked, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
    toast(request, _("The report goes out every month from now on."))
    return redirect("reports:list")


@methods("POST")
@requires(Permission.REPORTS_VIEW)
def subscription_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    keys = [report.key for report in readable(actor_of(request).role)]
    subscription = get_object_or_404(Subscription, pk=pk, report__in=keys)
    services.unsubscribe(subscription, actor=actor_of(request))
    toast(request, _("The report is not sent any more."), tone="info")
    return redirect("reports:list")


@methods("GET")
@requires(Permission.REPORTS_VIEW)
def run_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "reports/run.html", _run_values(request, pk))


@methods("GET")
@requires(Permission.REPORTS_VIEW)
def run_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the page asks for while a task is at it; when it is over, the page is loaded anew."""
    values = _run_values(request, pk)
    response = render(request, "reports/_run.html", values)
    if not values["is_moving"]:
        response["HX-Refresh"] = "true"
    return response


@methods("GET")
@requires(Permission.REPORTS_VIEW)
def run_file(request: HttpRequest, pk: UUID) -> FileResponse:
    return file_response(run_of(actor_of(request), pk))


@public
@methods("GET")
@never_cache
def sent_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """For who got a monthly report by e-mail, the firm's accountant for one: the file, or why there is none."""
    run = sent_run(token)
    if run is None or run.state == Run.State.FAILED:
        return render(request, "reports/sent_closed.html", status=404)
    if run.state != Run.State.DONE:
        return render(request, "reports/sent_waiting.html", {"title": REPORTS[run.report].title}, status=202)
    return file_response(run)


def _run_values(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    run = run_of(actor_of(request), pk)
    report = REPORTS[run.report]
    done = services.progress_of(run)
    return {
        "run": run,
        "title": report.title,
        "facts": naming.facts(report, Asked.read(run.filters, report.statuses)),
        "is_moving": run.state in (Run.State.WAITING, Run.State.RUNNING),
        "done": done,
        "percent": min(100, done * 100 // run.rows) if run.rows else 0,
    }


def _report(request: HttpRequest, key: str) -> Report:
    """Raises Http404, also for what this member's role may not read."""
    report = REPORTS.get(key)
    if report is None or not allows(actor_of(request).role, report.permission):
        raise Http404
    return report


def _asked(request: HttpRequest, report: Report) -> Asked:
    """What the address asks for; without any question, this month."""
    given: Any = request.GET
    if not set(given) - {"page"} and report.key != "clients":
        given = this_month()
    return Asked.read(given, report.statuses)


def _page(
    request: HttpRequest, report: Report, asked: Asked, *, form: SubscriptionForm | None = None, status: int = 200
) -> HttpResponse:
    rows = report.rows(asked)
    sums = report.sums(rows)
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.__dict__["count"] = sums["rows"]  # it was counted with the sums
    page = paginator.get_page(request.GET.get("page"))
    columns = report.columns
    values = {
        "report": report,
        "asked": asked,
        "formats": Format.choices,
        "form": form or SubscriptionForm(),
        "is_subscribing": form is not None,
        "period": naming.period(asked),
        "page": page,
        "count": sums["rows"],
        "rows": [
            {"href": report.href(row) if report.href else "",
             "cells": [(column, column.shown(column.of(row))) for column in columns]}
            for row in page
        ],
        "sums": [(column, column.shown(sums.get(column.key) or 0) if column.total else "") for column in columns],
        "totals": [(column.label, column.shown(sums.get(column.key) or 0)) for column in columns if column.total],
        "clients": _clients(asked) if "client" in report.filters else [],
        "professionals": Member.objects.filter(Q(is_active=True) | Q(pk=asked.professional)).order_by("name", "email")
        if "professional" in report.filters else [],
        "summary": _("%(from)s to %(until)s of %(count)s") % {
            "from": formats.number(page.start_index()), "until": formats.number(page.end_index()),
            "count": formats.number(sums["rows"]),
        },
    }  # fmt: skip
    return render(request, "reports/show.html", values, status=status)


def _clients(asked: Asked) -> list[Any]:
    """For the drop-down list; of many only the one that is chosen."""
    found = list(Client.objects.order_by("name_key").values("pk", "name")[: MOST_CLIENTS + 1])
    if len(found) > MOST_CLIENTS:
        found = list(Client.objects.filter(pk__in=filter(None, [asked.client])).values("pk", "name"))
    return found
