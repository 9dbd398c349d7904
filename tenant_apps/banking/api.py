"""/api/v1/bank-statements/ and /api/v1/bank-lines/"""

from __future__ import annotations

from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from shared_apps.web.uploads import uploaded
from tenant_apps.banking import matching, queries, serializers, services
from tenant_apps.banking.models import Statement
from tenant_apps.banking.services import Part
from tenant_apps.team.actor import actor_of

STATE = OpenApiParameter("state", str, enum=queries.STATES)
SEARCH = OpenApiParameter("search", str, description="Words of the bank's text.")


class StatementViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "create": Permission.FINANCE_MANAGE,
        "destroy": Permission.FINANCE_MANAGE,
    }
    parser_classes = (MultiPartParser,)
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(serializers.StatementSerializer))
    def list(self, request: Request) -> HttpResponse:
        params.check_names(request, ["page", "page_size"])
        return serialized_page(request, queries.statements(), serializers.StatementSerializer)

    @extend_schema(
        request={"multipart/form-data": serializers.UploadSerializer}, responses={201: serializers.BroughtSerializer}
    )
    def create(self, request: Request) -> HttpResponse:
        """Bring an OFX or CSV file. Movements that are known already are not brought again."""
        request.data  # noqa: B018 - read now: a body that is no form is refused as one
        file = uploaded(request._request)[0]
        given = validated(serializers.UploadSerializer, request)
        brought = services.bring_statement(
            file.read(), name=file.name or "", actor=actor_of(request), account=given.get("account", "")
        )
        return represent(request, brought, serializers.BroughtSerializer, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Take the movements of a file out again, while none is explained."""
        statement = Statement.objects.filter(pk=pk).first()
        if statement is None:
            raise NotThere
        services.remove_statement(statement, actor=actor_of(request))
        return HttpResponse(status=204)


class LineViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "retrieve": Permission.FINANCE_VIEW,
        "suggestions": Permission.FINANCE_VIEW,
        "explain": Permission.FINANCE_MANAGE,
        "reopen": Permission.FINANCE_MANAGE,
        "add_entry": Permission.FINANCE_MANAGE,
        "ignore": Permission.FINANCE_MANAGE,
        "stop_ignoring": Permission.FINANCE_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(parameters=[STATE, SEARCH, *PAGE_PARAMETERS], responses=page_of(serializers.LineSerializer))
    def list(self, request: Request) -> HttpResponse:
        """Movements, newest first."""
        params.check_names(request, ["state", "search", "page", "page_size"])
        state = params.choice(request, "state", queries.STATES)
        found = queries.lines(state=state, search=params.text(request, "search"))
        return serialized_page(request, found, serializers.LineSerializer)

    @extend_schema(responses=serializers.LineSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, queries.line(pk), serializers.LineSerializer)

    @extend_schema(responses=serializers.OfferSerializer(many=True))
    @action(detail=True)
    def suggestions(self, request: Request, pk: UUID) -> HttpResponse:
        """What an open movement may be, best first, with the reasons."""
        line = queries.line(pk)
        offers = matching.suggestions([line])[line.pk] if queries.state_of(line) == "open" else []
        content = orjson.dumps(serializers.OfferSerializer(offers, many=True).data, default=str)
        return HttpResponse(content, content_type="application/json")

    @extend_schema(request=serializers.ExplanationSerializer, responses={201: serializers.LineSerializer})
    @action(detail=True, methods=["post"], url_path="explanation", url_name="explanation")
    @idempotent
    def explain(self, request: Request, pk: UUID) -> HttpResponse:
        """Say which payments the movement is, or which entries it paid."""
        given = validated(serializers.ExplanationSerializer, request)
        line, actor, now = queries.line(pk), actor_of(request), timezone.now()
        if given.get("payments"):
            services.explain_with_payments(line, actor=actor, payment_ids=given["payments"], now=now)
        else:
            parts = [Part(part["entry"], part["amount"]) for part in given.get("entries", [])]
            services.explain_with_entries(line, actor=actor, parts=parts, now=now)
        return represent(request, queries.line(pk), serializers.LineSerializer, status=201)

    @extend_schema(responses={204: None})
    @explain.mapping.delete
    def reopen(self, request: Request, pk: UUID) -> HttpResponse:
        """Take it back: payments that explaining recorded are reversed."""
        services.reopen_line(queries.line(pk), actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)

    @extend_schema(request=serializers.NewEntrySerializer, responses={201: serializers.LineSerializer})
    @action(detail=True, methods=["post"], url_path="entry", url_name="entry")
    @idempotent
    def add_entry(self, request: Request, pk: UUID) -> HttpResponse:
        """Write down the entry the movement should have had, paid by it."""
        given = validated(serializers.NewEntrySerializer, request)
        services.explain_with_new_entry(queries.line(pk), actor=actor_of(request), now=timezone.now(), **given)
        return represent(request, queries.line(pk), serializers.LineSerializer, status=201)

    @extend_schema(request=None, responses={201: serializers.LineSerializer})
    @action(detail=True, methods=["post"], url_path="ignoring", url_name="ignoring")
    @idempotent
    def ignore(self, request: Request, pk: UUID) -> HttpResponse:
        """Put it aside: a transfer between own accounts, a fee booked elsewhere."""
        services.ignore_line(queries.line(pk), actor=actor_of(request), now=timezone.now())
        return represent(request, queries.line(pk), serializers.LineSerializer, status=201)

    @extend_schema(responses={204: None})
    @ignore.mapping.delete
    def stop_ignoring(self, request: Request, pk: UUID) -> HttpResponse:
        services.reopen_line(queries.line(pk), actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)
