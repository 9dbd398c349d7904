"""/api/v1/clients/ and what hangs on one client."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core import finding
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params, rows
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.activity.queries import activity_of
from tenant_apps.activity.serializers import ActivitySerializer
from tenant_apps.clients import queries, services
from tenant_apps.clients.api import filters
from tenant_apps.clients.models import Client
from tenant_apps.clients.serializers import ArchivalSerializer, ClientRowSerializer, ClientSerializer, PlaceSerializer
from tenant_apps.team.actor import actor_of

_BLANK = {"kind": "person", "legal_name": "", "document": "", "email": "", "phone": "", "tags": [], "notes": ""}
_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="Still this version: 304.")


def found(pk: UUID) -> Client:
    """Raises NotThere."""
    return finding.one(Client.objects.select_related("archival__by").defer("search"), pk)


class ClientViewSet(ViewSet):
    permissions = {
        "list": Permission.CLIENTS_VIEW,
        "retrieve": Permission.CLIENTS_VIEW,
        "places": Permission.CLIENTS_VIEW,
        "create": Permission.CLIENTS_MANAGE,
        "update": Permission.CLIENTS_MANAGE,
        "partial_update": Permission.CLIENTS_MANAGE,
        "add_place": Permission.CLIENTS_MANAGE,
        "archive": Permission.CLIENTS_ARCHIVE,
        "restore": Permission.CLIENTS_ARCHIVE,
        "activity": Permission.ACTIVITY_VIEW,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(parameters=filters.PARAMETERS, responses=page_of(ClientRowSerializer))
    def list(self, request: Request) -> HttpResponse:
        wanted, (number, size) = filters.wanted(request), params.page_and_size(request)
        found, ordering = queries.clients(wanted), filters.ordering(request)
        page = rows.page(
            found,
            queries.client_rows,
            ordering,
            number=number,
            size=size,
            sought=wanted.is_sought,
            walking=queries.clients(wanted, read=True),
        )
        return rows.answer(request, page)

    @extend_schema(request=ClientSerializer, responses={201: ClientSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        client = services.create_client(actor=actor_of(request), **validated(ClientSerializer, request))
        return represent(request, client, ClientSerializer, status=201, url_name="client-detail")

    @extend_schema(parameters=[_NONE_MATCH], responses={200: ClientSerializer, 304: None})
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        client = found(pk)
        return (
            etags.not_modified(client)
            if etags.is_known(request, client)
            else represent(request, client, ClientSerializer)
        )

    @extend_schema(request=ClientSerializer, responses=ClientSerializer)
    def update(self, request: Request, pk: UUID) -> HttpResponse:
        given = _BLANK | validated(ClientSerializer, request)
        return self._change(request, found(pk), replace_custom=True, **given)

    @extend_schema(request=ClientSerializer(partial=True), responses=ClientSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        client = found(pk)
        return self._change(request, client, **validated(ClientSerializer, request, instance=client))

    def _change(self, request: Request, client: Client, **changes: Any) -> HttpResponse:
        expected = etags.expected_versions(request)
        client = services.update_client(client, actor=actor_of(request), expected=expected, **changes)
        return represent(request, client, ClientSerializer)

    @extend_schema(request=ArchivalSerializer, responses={201: ArchivalSerializer})
    @action(detail=True, methods=["post"], url_path="archival", url_name="archival")
    @idempotent
    def archive(self, request: Request, pk: UUID) -> HttpResponse:
        """Archive the client: kept, closed to changes, and its document free for another."""
        given = validated(ArchivalSerializer, request)
        expected = etags.expected_versions(request, required=False)
        archival = services.archive_client(found(pk), actor=actor_of(request), expected=expected, **given)
        return represent(request, archival, ArchivalSerializer, status=201)

    @extend_schema(responses={204: None})
    @archive.mapping.delete
    def restore(self, request: Request, pk: UUID) -> HttpResponse:
        """Restore the client."""
        expected = etags.expected_versions(request, required=False)
        services.restore_client(found(pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(PlaceSerializer))
    @action(detail=True, url_path="places", url_name="places")
    def places(self, request: Request, pk: UUID) -> HttpResponse:
        return serialized_page(request, found(pk).places.order_by("id"), PlaceSerializer)

    @extend_schema(request=PlaceSerializer, responses={201: PlaceSerializer})
    @places.mapping.post
    @idempotent
    def add_place(self, request: Request, pk: UUID) -> HttpResponse:
        place = services.add_place(found(pk), actor=actor_of(request), **validated(PlaceSerializer, request))
        return represent(request, place, PlaceSerializer, status=201, url_name="place-detail")

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(ActivitySerializer))
    @action(detail=True, url_path="activity", url_name="activity")
    def activity(self, request: Request, pk: UUID) -> HttpResponse:
        """Who did what to the client and its places, newest first."""
        return serialized_page(request, activity_of(found(pk)), ActivitySerializer)
