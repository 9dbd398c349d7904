"""/api/v1/offerings/."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.clients.api.places import found
from tenant_apps.scheduling import services
from tenant_apps.scheduling.models import Offering
from tenant_apps.scheduling.serializers import OfferingSerializer
from tenant_apps.team.actor import actor_of

ACTIVE = ("true", "false", "all")


class OfferingViewSet(ViewSet):
    permissions = {
        "list": Permission.SCHEDULE_VIEW,
        "retrieve": Permission.SCHEDULE_VIEW,
        "create": Permission.SCHEDULE_MANAGE,
        "partial_update": Permission.SCHEDULE_MANAGE,
        "destroy": Permission.SCHEDULE_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(
        parameters=[*PAGE_PARAMETERS, OpenApiParameter("active", str, enum=ACTIVE, description="`true` unless told.")],
        responses=page_of(OfferingSerializer),
    )
    def list(self, request: Request) -> HttpResponse:
        params.check_names(request, {"page", "page_size", "active"})
        active = params.choice(request, "active", ACTIVE, "true")
        rows = Offering.objects.all() if active == "all" else Offering.objects.filter(is_active=active == "true")
        return serialized_page(request, rows, OfferingSerializer)

    @extend_schema(request=OfferingSerializer, responses={201: OfferingSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        offering = services.create_offering(actor=actor_of(request), **validated(OfferingSerializer, request))
        return represent(request, offering, OfferingSerializer, status=201, url_name="offering-detail")

    @extend_schema(responses=OfferingSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        offering = found(Offering, pk)
        if etags.is_known(request, offering):
            return etags.not_modified(offering)
        return represent(request, offering, OfferingSerializer)

    @extend_schema(request=OfferingSerializer(partial=True), responses=OfferingSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        offering, expected = found(Offering, pk), etags.expected_versions(request)
        changes = validated(OfferingSerializer, request, instance=offering)
        changed = services.update_offering(offering, actor=actor_of(request), expected=expected, **changes)
        return represent(request, changed, OfferingSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        expected = etags.expected_versions(request, required=False)
        services.remove_offering(found(Offering, pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)
