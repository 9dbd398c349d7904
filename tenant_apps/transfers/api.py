"""/api/v1/client-imports/ and /api/v1/client-exports/: the client book in and out, as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.parsers import JSONParser
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from shared_apps.web.uploads import MEGABYTE, FileTooLarge, uploaded
from tenant_apps.clients.api import filters
from tenant_apps.clients.models import CustomField
from tenant_apps.clients.queries import ORDERINGS
from tenant_apps.team.actor import actor_of
from tenant_apps.transfers import cells, columns, services
from tenant_apps.transfers.errors import ExportNotReady
from tenant_apps.transfers.models import Export, Import
from tenant_apps.transfers.serializers import (
    CheckSerializer,
    ExportSerializer,
    FieldsSerializer,
    ImportRowSerializer,
    ImportSerializer,
    OrderSerializer,
    UploadSerializer,
)
from tenant_apps.transfers.services.keeping import opened
from tenant_apps.transfers.sheets.writing import CONTENT_TYPES

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class ClientImportViewSet(ViewSet):
    """Upload, choose the columns and have them checked, run, undo. A task does the work; ask again how far it is."""

    permission = Permission.CLIENTS_IMPORT
    parser_classes = (MultiPartParser, JSONParser)
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(ImportRowSerializer))
    def list(self, request: Request) -> HttpResponse:
        """All imports, the newest first."""
        params.check_names(request, ["page", "page_size"])
        recent = Import.objects.filter(kind="clients").defer("head", "errors", "mapping").order_by("-created_at", "-id")
        return serialized_page(request, recent, ImportRowSerializer)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> HttpResponse:
        """Upload a file. The answer guesses which column is what; nothing is imported yet."""
        request.data  # noqa: B018 - read now: a body that is no form is refused as one
        file = uploaded(request._request)[0]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise FileTooLarge(settings.IMPORT_MAX_BYTES // MEGABYTE)
        source = services.start_import(file, name=file.name or "", actor=actor_of(request))  # type: ignore[arg-type] # a file
        return represent(request, source, ImportSerializer, status=201, url_name="client-import-detail")

    @extend_schema(responses=FieldsSerializer)
    @action(detail=False, url_path="fields", url_name="fields")
    def fields(self, request: Request) -> Response:
        """What a column can fill, the organization's own fields too."""
        found = columns.all_fields(CustomField.objects.all())
        return Response({"fields": [{"key": field.key, "label": str(field.label)} for field in found]})

    @extend_schema(responses=ImportSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, _import(pk), ImportSerializer)

    @extend_schema(request=CheckSerializer, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="check", url_name="check")
    @idempotent
    def check(self, request: Request, pk: UUID) -> HttpResponse:
        """Say which column is what, and have every row checked. Nothing is written to the book."""
        source = _import(pk)
        form = CheckSerializer(data=request.data, context={"source": source})
        form.is_valid(raise_exception=True)
        given = {"has_header": bool(source.reading.get("has_header")), **form.validated_data}
        services.begin_check(source, actor=actor_of(request), **given)
        return _moving(request, pk)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="run", url_name="run")
    @idempotent
    def run(self, request: Request, pk: UUID) -> HttpResponse:
        """Import what was checked: all of it or nothing."""
        services.begin_run(_import(pk), actor=actor_of(request))
        return _moving(request, pk)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="undo", url_name="undo")
    @idempotent
    def undo(self, request: Request, pk: UUID) -> HttpResponse:
        """Take an import back: what it added goes, what it changed is as it was, unless somebody changed it since."""
        services.begin_undo(_import(pk), actor=actor_of(request))
        return _moving(request, pk)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], url_path="cancellation", url_name="cancellation")
    @idempotent
    def cancel(self, request: Request, pk: UUID) -> HttpResponse:
        """Stop it: what a run did until now is taken back."""
        services.cancel(_import(pk), actor=actor_of(request))
        return represent(request, _import(pk), ImportSerializer)

    @extend_schema(responses=BINARY)
    @action(detail=True, url_path="errors", url_name="errors")
    def errors(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The rows that were refused, as a file, with what is wrong with each in a last column."""
        source = _import(pk)
        if not source.errors_file:
            raise NotThere
        name = f"{_('errors')}-{source.file_name.rpartition('.')[0] or source.file_name}"
        return _file(source.errors_file, f"{name}.{source.errors_file.rpartition('.')[2]}")


class ClientExportViewSet(ViewSet):
    """A file of clients, made by a task. It belongs to who asked and goes away by itself."""

    permission = Permission.CLIENTS_EXPORT
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(ExportSerializer))
    def list(self, request: Request) -> HttpResponse:
        """My exports that are still there, the newest first."""
        params.check_names(request, ["page", "page_size"])
        return serialized_page(request, _own(request).order_by("-created_at", "-id"), ExportSerializer)

    @extend_schema(parameters=filters.PARAMETERS, request=OrderSerializer, responses={201: ExportSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Have a file made of what the list would show with the same query parameters, or of the clients in `ids`."""
        given = validated(OrderSerializer, request)
        usual = [*cells.STANDARD, *(columns.CUSTOM + field.key for field in CustomField.objects.all())]
        order = services.Order(
            kind=given["kind"],
            columns=given.get("columns") or usual,
            language=get_language() or settings.LANGUAGE_CODE,
            wanted=filters.wanted(request),
            ids=given.get("ids", []),
            ordering=params.choice(request, "ordering", ORDERINGS, "name"),
            zone=timezone.get_current_timezone_name(),
        )
        export = services.order_export(order, actor=actor_of(request))
        return represent(request, export, ExportSerializer, status=201, url_name="client-export-detail")

    @extend_schema(responses=ExportSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, _export(request, pk), ExportSerializer)

    @extend_schema(responses=BINARY)
    @action(detail=True, url_path="file", url_name="file")
    def file(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file itself, once it is done."""
        export = _export(request, pk)
        if export.state != Export.State.DONE:
            raise ExportNotReady
        return _file(export.file, export.file_name)


def _import(pk: UUID) -> Import:
    found = Import.objects.filter(pk=pk, kind="clients").first()
    if found is None:
        raise NotThere
    return found


def _moving(request: Request, pk: UUID) -> HttpResponse:
    """202: a task is at it."""
    return represent(request, _import(pk), ImportSerializer, status=202)


def _own(request: Request) -> Any:
    return Export.objects.filter(by=actor_of(request), expires_at__gt=timezone.now())


def _export(request: Request, pk: UUID) -> Export:
    found: Export | None = _own(request).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def _file(path: str, name: str) -> FileResponse:
    content_type = CONTENT_TYPES.get(path.rpartition(".")[2])
    return FileResponse(opened(path), as_attachment=True, filename=name, content_type=content_type)
