"""/api/v1/contracts/."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.clients.api.clients import found as client_found
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.api.filters import key
from tenant_apps.scheduling.models import Contract, ContractVariation, Line
from tenant_apps.scheduling.serializers import (
    ContractChangeSerializer,
    ContractSerializer,
    ResumptionSerializer,
    VariationSerializer,
)
from tenant_apps.team.actor import actor_of

ACTIVE = ("true", "false", "all")


def contracts() -> QuerySet[Contract]:
    lines = Line.objects.select_related("offering", "asset")
    variations = ContractVariation.objects.order_by("starts_on", "pk")
    rows = Contract.objects.select_related("client").defer("client__search", "client__custom")
    return rows.prefetch_related(Prefetch("lines", lines), Prefetch("variations", variations))


def found(pk: UUID) -> Contract:
    """Raises NotThere."""
    return finding.one(contracts(), pk)


def given(values: dict[str, Any]) -> dict[str, Any]:
    return {"place" if name == "place_id" else name: value for name, value in values.items()}


class ContractViewSet(ViewSet):
    permissions = {
        "list": Permission.SCHEDULE_VIEW,
        "retrieve": Permission.SCHEDULE_VIEW,
        "create": Permission.SCHEDULE_MANAGE,
        "partial_update": Permission.SCHEDULE_MANAGE,
        "destroy": Permission.SCHEDULE_MANAGE,
        "vary": Permission.SCHEDULE_MANAGE,
        "unvary": Permission.SCHEDULE_MANAGE,
        "resume": Permission.SCHEDULE_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(
        parameters=[
            *PAGE_PARAMETERS,
            OpenApiParameter("client", str),
            OpenApiParameter("active", str, enum=ACTIVE, description="Not ended; `true` unless told."),
        ],
        responses=page_of(ContractSerializer),
    )
    def list(self, request: Request) -> HttpResponse:
        params.check_names(request, {"page", "page_size", "client", "active"})
        rows, today = contracts(), local.day_of(timezone.now())
        runs = Q(ends_on=None) | Q(ends_on__gte=today)
        active = params.choice(request, "active", ACTIVE, "true")
        if active != "all":
            rows = rows.filter(runs) if active == "true" else rows.exclude(runs)
        if client := key(request, "client"):
            rows = rows.filter(client=client)
        return serialized_page(request, rows.order_by("client__name_key", "pk"), ContractSerializer)

    @extend_schema(request=ContractSerializer, responses={201: ContractSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Agree on a recurring service; its visits of the coming weeks are made at once. Professionals who are taken on
        some days: 409 `series_collides` with every one, and nothing is made.
        """
        values = given(validated(ContractSerializer, request))
        client = client_found(values.pop("client_id"))
        made = services.create_contract(actor=actor_of(request), client=client, **values)
        return represent(request, found(made.pk), ContractSerializer, status=201, url_name="contract-detail")

    @extend_schema(responses=ContractSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        contract = found(pk)
        if etags.is_known(request, contract):
            return etags.not_modified(contract)
        return represent(request, contract, ContractSerializer)

    @extend_schema(request=ContractChangeSerializer(partial=True), responses=ContractSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        """Change all visits to come; with `from_day` those from a day on, as another contract, which is the answer."""
        contract, expected = found(pk), etags.expected_versions(request)
        changes = given(validated(ContractChangeSerializer, request, instance=contract))
        from_day, actor = changes.pop("from_day", None), actor_of(request)
        if from_day is None:
            changed = services.update_contract(contract, actor=actor, expected=expected, **changes)
        else:
            changed = services.split_contract(contract, actor=actor, expected=expected, from_day=from_day, **changes)
        return represent(request, found(changed.pk), ContractSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Remove a contract that was a mistake; one of which visits were made is ended with `ends_on`."""
        expected = etags.expected_versions(request, required=False)
        services.remove_contract(found(pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)

    @extend_schema(request=VariationSerializer, responses={201: VariationSerializer})
    @action(detail=True, methods=["post"], url_path="variations", url_name="variations")
    @idempotent
    def vary(self, request: Request, pk: UUID) -> HttpResponse:
        """A pause (no `rrule`) or a season with another rhythm."""
        values = validated(VariationSerializer, request)
        made = services.vary_contract(found(pk), actor=actor_of(request), **values)
        return represent(request, made, VariationSerializer, status=201)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path="variations/<uuid:variation>", url_name="variation")
    def unvary(self, request: Request, pk: UUID, variation: UUID) -> HttpResponse:
        one = ContractVariation.objects.filter(pk=variation, contract=found(pk)).first()
        if one is None:
            raise NotThere
        services.remove_variation(one, actor=actor_of(request))
        return HttpResponse(status=204)

    @extend_schema(request=ResumptionSerializer, responses=ContractSerializer)
    @action(detail=True, methods=["post"], url_path="resumption", url_name="resumption")
    @idempotent
    def resume(self, request: Request, pk: UUID) -> HttpResponse:
        """End its pauses: visits again from a day on."""
        values = validated(ResumptionSerializer, request)
        services.resume_contract(found(pk), actor=actor_of(request), **values)
        return represent(request, found(pk), ContractSerializer)
