"""Importing clients: upload, columns, check, run, undo. One page shows an import in whatever state it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.team.actor import actor_of
from tenant_apps.transfers import services
from tenant_apps.transfers.forms import ColumnsForm, UploadForm
from tenant_apps.transfers.kinds import ROW_KINDS
from tenant_apps.transfers.models import Import
from tenant_apps.transfers.services.keeping import opened
from tenant_apps.transfers.sheets.writing import CONTENT_TYPES

PAGE_SIZE = 25
STEPS = {Import.State.CHECKING: 3, Import.State.CHECKED: 3, Import.State.RUNNING: 4, Import.State.DONE: 4}
TONES = {
    Import.State.DONE: "success", Import.State.FAILED: "danger", Import.State.CHECKED: "warning",
    Import.State.CHECKING: "info", Import.State.RUNNING: "info", Import.State.UNDOING: "info",
}  # fmt: skip


def found(pk: UUID) -> Import:
    return get_object_or_404(Import.objects.select_related("by"), pk=pk)


@methods("GET", "POST")
@requires(Permission.CLIENTS_IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    return _new(request, "clients")


@methods("GET", "POST")
@requires(Permission.SCHEDULE_MANAGE)
def appointments_new(request: HttpRequest) -> HttpResponse:
    return _new(request, "appointments")


@methods("GET", "POST")
@requires(Permission.FINANCE_MANAGE)
def entries_new(request: HttpRequest) -> HttpResponse:
    return _new(request, "entries")


def _new(request: HttpRequest, kind: str) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            source = form.attempt(services.start_import, form.table, name=form.name, actor=actor_of(request), kind=kind)
            if source is not None:
                return redirect("transfers:import", pk=source.pk)
    values = {"form": form, "step": 1, "limit": settings.IMPORT_MAX_ROWS, "kind": ROW_KINDS.get(kind)}
    return render(request, "transfers/import_new.html", values, status=422 if form.is_bound else 200)


@methods("GET")
@requires(Permission.CLIENTS_IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    recent = Import.objects.select_related("by").defer("head", "errors", "mapping").order_by("-created_at")
    page = Paginator(recent, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"source": source, "tone": TONES.get(Import.State(source.state), "neutral")} for source in page]
    return render(request, "transfers/import_list.html", {"page": page, "rows": rows})


@methods("GET")
@requires(Permission.CLIENTS_IMPORT)
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, found(pk))


@methods("POST")
@requires(Permission.CLIENTS_IMPORT)
def columns_choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    source = found(pk)
    form = ColumnsForm(source, request.POST)
    if form.is_valid():
        chosen = {"has_header": form.cleaned_data["has_header"], "duplicates": form.cleaned_data["duplicates"]}
        form.attempt(services.begin_check, source, mapping=form.mapping, actor=actor_of(request), **chosen)
        if form.is_valid():
            return redirect("transfers:import", pk=pk)
    return _page(request, source, form=form, status=422)


@methods("POST")
@requires(Permission.CLIENTS_IMPORT)
def run_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.begin_run(found(pk), actor=actor_of(request))
    return redirect("transfers:import", pk=pk)


@methods("POST")
@requires(Permission.CLIENTS_IMPORT)
def cancellation_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.cancel(found(pk), actor=actor_of(request))
    toast(request, _("The import was cancelled. Nothing was changed."), tone="info")
    return redirect("transfers:import", pk=pk)


@methods("POST")
@requires(Permission.CLIENTS_IMPORT)
def undo_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.begin_undo(found(pk), actor=actor_of(request))
    return redirect("transfers:import", pk=pk)


@methods("GET")
@requires(Permission.CLIENTS_IMPORT)
def progress_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the page asks for while a task is at it; when it is over, the page is loaded anew."""
    source = found(pk)
    response = render(request, "transfers/_progress.html", _values(source))
    if not source.is_moving:
        response["HX-Refresh"] = "true"
    return response


@methods("GET")
@requires(Permission.CLIENTS_IMPORT)
def errors_download(request: HttpRequest, pk: UUID) -> FileResponse:
    source = found(pk)
    kind = source.errors_file.rpartition(".")[2]
    name = f"{_('errors')}-{source.file_name.rpartition('.')[0] or source.file_name}.{kind}"
    return FileResponse(
        opened(source.errors_file), as_attachment=True, filename=name, content_type=CONTENT_TYPES.get(kind)
    )


def _page(request: HttpRequest, source: Import, *, form: ColumnsForm | None = None, status: int = 200) -> HttpResponse:
    values = _values(source)
    if source.is_open:
        values["form"] = form or ColumnsForm(source)
    return render(request, "transfers/import_detail.html", values, status=status)


def _values(source: Import) -> dict[str, Any]:
    done = services.progress_of(source) if source.is_moving else 0
    total = source.rows if source.state == Import.State.RUNNING else 0
    return {
        "source": source,
        "kind": ROW_KINDS.get(source.kind),
        "step": STEPS.get(Import.State(source.state), 2),
        "tone": TONES.get(Import.State(source.state), "neutral"),
        "done": done,
        "total": total,
        "percent": min(100, done * 100 // total) if total else 0,
        "can_undo": services.can_undo(source),
        "days": settings.IMPORT_UNDO_DAYS,
    }
