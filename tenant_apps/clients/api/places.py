"""/api/v1/places/, /api/v1/assets/ and /api/v1/custom-fields/."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core import finding
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.clients import services
from tenant_apps.clients.models import Asset, CustomField, Place
from tenant_apps.clients.serializers import AssetSerializer, CustomFieldSerializer, PlaceSerializer
from tenant_apps.team.actor import actor_of

M = TypeVar("M", bound=Model)


def found(model: type[M], pk: UUID, *related: str) -> M:
    """Raises NotThere."""
    return finding.one(model._default_manager.select_related(*related), pk)


class PlaceViewSet(ViewSet):
    permissions = {
        "retrieve": Permission.CLIENTS_VIEW,
        "assets": Permission.CLIENTS_VIEW,
        "partial_update": Permission.CLIENTS_MANAGE,
        "destroy": Permission.CLIENTS_MANAGE,
        "add_asset": Permission.CLIENTS_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(responses=PlaceSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        place = found(Place, pk)
        return (
            etags.not_modified(place) if etags.is_known(request, place) else represent(request, place, PlaceSerializer)
        )

    @extend_schema(request=PlaceSerializer(partial=True), responses=PlaceSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        place, expected = found(Place, pk), etags.expected_versions(request)
        changes = validated(PlaceSerializer, request, instance=place)
        place = services.update_place(place, actor=actor_of(request), expected=expected, **changes)
        return represent(request, place, PlaceSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        expected = etags.expected_versions(request, required=False)
        services.remove_place(found(Place, pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(AssetSerializer))
    @action(detail=True, url_path="assets", url_name="assets")
    def assets(self, request: Request, pk: UUID) -> HttpResponse:
        return serialized_page(request, found(Place, pk).assets.order_by("id"), AssetSerializer)

    @extend_schema(request=AssetSerializer, responses={201: AssetSerializer})
    @assets.mapping.post
    @idempotent
    def add_asset(self, request: Request, pk: UUID) -> HttpResponse:
        asset = services.add_asset(found(Place, pk), actor=actor_of(request), **validated(AssetSerializer, request))
        return represent(request, asset, AssetSerializer, status=201, url_name="asset-detail")


class AssetViewSet(ViewSet):
    permissions = {
        "retrieve": Permission.CLIENTS_VIEW,
        "partial_update": Permission.CLIENTS_MANAGE,
        "destroy": Permission.CLIENTS_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(responses=AssetSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        asset = found(Asset, pk)
        return (
            etags.not_modified(asset) if etags.is_known(request, asset) else represent(request, asset, AssetSerializer)
        )

    @extend_schema(request=AssetSerializer(partial=True), responses=AssetSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        asset, expected = found(Asset, pk, "place"), etags.expected_versions(request)
        changes = validated(AssetSerializer, request, instance=asset)
        asset = services.update_asset(asset, actor=actor_of(request), expected=expected, **changes)
        return represent(request, asset, AssetSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        expected = etags.expected_versions(request, required=False)
        services.remove_asset(found(Asset, pk, "place"), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)


class CustomFieldViewSet(ViewSet):
    permissions = {
        "list": Permission.CLIENTS_VIEW,
        "retrieve": Permission.CLIENTS_VIEW,
        "create": Permission.FIELDS_MANAGE,
        "partial_update": Permission.FIELDS_MANAGE,
        "destroy": Permission.FIELDS_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(CustomFieldSerializer))
    def list(self, request: Request) -> HttpResponse:
        return serialized_page(request, CustomField.objects.all(), CustomFieldSerializer)

    @extend_schema(request=CustomFieldSerializer, responses={201: CustomFieldSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        fields: dict[str, Any] = validated(CustomFieldSerializer, request)
        field = services.define_custom_field(actor=actor_of(request), **fields)
        return represent(request, field, CustomFieldSerializer, status=201, url_name="custom-field-detail")

    @extend_schema(responses=CustomFieldSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, found(CustomField, pk), CustomFieldSerializer)

    @extend_schema(request=CustomFieldSerializer(partial=True), responses=CustomFieldSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        field = found(CustomField, pk)
        changes = validated(CustomFieldSerializer, request, instance=field)
        return represent(
            request, services.change_custom_field(field, actor=actor_of(request), **changes), CustomFieldSerializer
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Remove the field and every client's value of it."""
        services.remove_custom_field(found(CustomField, pk), actor=actor_of(request))
        return HttpResponse(status=204)
