"""/api/v1/client-exports/: the client book taken out, as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.clients.api import filters
from tenant_apps.clients.models import CustomField
from tenant_apps.clients.queries import ORDERINGS
from tenant_apps.team.actor import actor_of
from tenant_apps.transfers import cells, columns, services
from tenant_apps.transfers.api.answers import BINARY, file_answer
from tenant_apps.transfers.errors import ExportNotReady
from tenant_apps.transfers.models import Export
from tenant_apps.transfers.serializers import ExportSerializer, OrderSerializer


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
        return file_answer(export.file, export.file_name)


def _own(request: Request) -> Any:
    return Export.objects.filter(by=actor_of(request), expires_at__gt=timezone.now())


def _export(request: Request, pk: UUID) -> Export:
    found: Export | None = _own(request).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found
