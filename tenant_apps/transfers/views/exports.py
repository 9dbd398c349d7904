"""Exporting clients: what the list's filter shows, or those picked there."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from tenant_apps.clients import page_filters
from tenant_apps.clients.models import CustomField
from tenant_apps.team.actor import actor_of
from tenant_apps.transfers import services
from tenant_apps.transfers.errors import ExportNotReady
from tenant_apps.transfers.forms import ExportForm
from tenant_apps.transfers.models import Export
from tenant_apps.transfers.services.keeping import opened
from tenant_apps.transfers.sheets.writing import CONTENT_TYPES

MAX_IDS = 1000


@methods("GET", "POST")
@requires(Permission.CLIENTS_EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """GET: the choice of columns. POST: the file, or (picked in the list) the choice for those clients."""
    ids, is_chosen = _ids(request), "kind" in request.POST
    form = ExportForm(request.POST if is_chosen else None)
    order = services.Order(
        kind=request.POST.get("kind", "xlsx"),
        columns=form.cleaned_data["columns"] if is_chosen and form.is_valid() else [],
        language=get_language() or settings.LANGUAGE_CODE,
        wanted=(asked := _asked(request)).wanted,
        ids=ids,
        ordering=asked.sort,
        zone=timezone.get_current_timezone_name(),
    )
    count = order.clients().count()
    if not (is_chosen and form.is_valid()):
        values = {"form": form, "count": count, "ids": ids, "query": asked.query}
        return render(request, "transfers/export_new.html", values, status=422 if is_chosen else 200)
    if order.kind == "csv":
        body = services.stream_csv(order, actor=actor_of(request))
        return _attachment(StreamingHttpResponse(body, content_type=CONTENT_TYPES["csv"]), order.file_name)
    if count <= settings.EXPORT_INLINE_ROWS:
        file = services.xlsx_file(order, actor=actor_of(request))
        return FileResponse(file, as_attachment=True, filename=order.file_name, content_type=CONTENT_TYPES["xlsx"])
    return redirect("transfers:export_detail", pk=services.order_export(order, actor=actor_of(request)).pk)


@methods("GET")
@requires(Permission.CLIENTS_EXPORT)
def export_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "transfers/export_detail.html", {"export": _own(request, pk)})


@methods("GET")
@requires(Permission.CLIENTS_EXPORT)
def export_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    export = _own(request, pk)
    response = render(request, "transfers/_export_state.html", {"export": export})
    if export.state != Export.State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@methods("GET")
@requires(Permission.CLIENTS_EXPORT)
def export_download(request: HttpRequest, pk: UUID) -> FileResponse:
    export = _own(request, pk)
    if export.state != Export.State.DONE:
        raise ExportNotReady
    kind = export.file_name.rpartition(".")[2]
    return FileResponse(
        opened(export.file), as_attachment=True, filename=export.file_name, content_type=CONTENT_TYPES.get(kind)
    )


def _own(request: HttpRequest, pk: UUID) -> Export:
    """An export is its maker's alone, and until it expires."""
    return get_object_or_404(Export, pk=pk, by=actor_of(request), expires_at__gt=timezone.now())


def _asked(request: HttpRequest) -> page_filters.Asked:
    """What the list would show at this address."""
    named = page_filters.names_custom(request.GET)
    return page_filters.asked(request.GET, {field.key: field for field in CustomField.objects.all()} if named else {})


def _ids(request: HttpRequest) -> list[UUID]:
    """Raises Http404."""
    try:
        return [UUID(value) for value in request.POST.getlist("ids")[:MAX_IDS]]
    except ValueError as error:
        raise Http404 from error


def _attachment(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"
    return response
