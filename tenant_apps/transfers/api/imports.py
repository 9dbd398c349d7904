"""/api/v1/client-imports/, appointment-imports/ and entry-imports/: spreadsheets brought in, as on the pages."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.parsers import JSONParser
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from shared_apps.web.uploads import MEGABYTE, FileTooLarge, uploaded
from tenant_apps.team.actor import actor_of
from tenant_apps.transfers import services
from tenant_apps.transfers.api.answers import BINARY, file_answer
from tenant_apps.transfers.kinds import fields_of
from tenant_apps.transfers.models import Import
from tenant_apps.transfers.serializers import (
    CheckSerializer,
    FieldsSerializer,
    ImportRowSerializer,
    ImportSerializer,
    UploadSerializer,
)

_BASENAMES = {"clients": "client-import", "appointments": "appointment-import", "entries": "entry-import"}


class ImportViewSet(ViewSet):
    """Upload, choose the columns and have them checked, run, undo. A task does the work; ask again how far it is."""

    kind: ClassVar[str]
    parser_classes = (MultiPartParser, JSONParser)
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(ImportRowSerializer))
    def list(self, request: Request) -> HttpResponse:
        """All imports, the newest first."""
        params.check_names(request, ["page", "page_size"])
        recent = Import.objects.filter(kind=self.kind).defer("head", "errors", "mapping").order_by("-created_at", "-id")
        return serialized_page(request, recent, ImportRowSerializer)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> HttpResponse:
        """Upload a file. The answer guesses which column is what; nothing is imported yet."""
        request.data  # noqa: B018 - read now: a body that is no form is refused as one
        file = uploaded(request._request)[0]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise FileTooLarge(settings.IMPORT_MAX_BYTES // MEGABYTE)
        given = {"name": file.name or "", "actor": actor_of(request), "kind": self.kind}
        source = services.start_import(file, **given)  # type: ignore[arg-type] # a file
        return represent(request, source, ImportSerializer, status=201, url_name=f"{_BASENAMES[self.kind]}-detail")

    @extend_schema(responses=FieldsSerializer)
    @action(detail=False, url_path="fields", url_name="fields")
    def fields(self, request: Request) -> Response:
        """What a column can fill, of clients the organization's own fields too."""
        found = fields_of(self.kind)
        return Response({"fields": [{"key": field.key, "label": str(field.label)} for field in found]})

    @extend_schema(responses=ImportSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, self._import(pk), ImportSerializer)

    @extend_schema(request=CheckSerializer, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="check", url_name="check")
    @idempotent
    def check(self, request: Request, pk: UUID) -> HttpResponse:
        """Say which column is what, and have every row checked. Nothing is written to the book."""
        source = self._import(pk)
        form = CheckSerializer(data=request.data, context={"source": source})
        form.is_valid(raise_exception=True)
        given = {"has_header": bool(source.reading.get("has_header")), **form.validated_data}
        services.begin_check(source, actor=actor_of(request), **given)
        return self._moving(request, pk)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="run", url_name="run")
    @idempotent
    def run(self, request: Request, pk: UUID) -> HttpResponse:
        """Import what was checked: all of it or nothing."""
        services.begin_run(self._import(pk), actor=actor_of(request))
        return self._moving(request, pk)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="undo", url_name="undo")
    @idempotent
    def undo(self, request: Request, pk: UUID) -> HttpResponse:
        """Take an import back: what it added goes, what it changed is as it was, unless somebody changed it since."""
        services.begin_undo(self._import(pk), actor=actor_of(request))
        return self._moving(request, pk)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], url_path="cancellation", url_name="cancellation")
    @idempotent
    def cancel(self, request: Request, pk: UUID) -> HttpResponse:
        """Stop it: what a run did until now is taken back."""
        services.cancel(self._import(pk), actor=actor_of(request))
        return represent(request, self._import(pk), ImportSerializer)

    @extend_schema(responses=BINARY)
    @action(detail=True, url_path="errors", url_name="errors")
    def errors(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The rows that were refused, as a file, with what is wrong with each in a last column."""
        source = self._import(pk)
        if not source.errors_file:
            raise NotThere
        name = f"{_('errors')}-{source.file_name.rpartition('.')[0] or source.file_name}"
        return file_answer(source.errors_file, f"{name}.{source.errors_file.rpartition('.')[2]}")

    def _import(self, pk: UUID) -> Import:
        found = Import.objects.filter(pk=pk, kind=self.kind).first()
        if found is None:
            raise NotThere
        return found

    def _moving(self, request: Request, pk: UUID) -> HttpResponse:
        """202: a task is at it."""
        return represent(request, self._import(pk), ImportSerializer, status=202)


class ClientImportViewSet(ImportViewSet):
    permission = Permission.CLIENTS_IMPORT
    kind = "clients"


class AppointmentImportViewSet(ImportViewSet):
    permission = Permission.SCHEDULE_MANAGE
    kind = "appointments"


class EntryImportViewSet(ImportViewSet):
    permission = Permission.FINANCE_MANAGE
    kind = "entries"
