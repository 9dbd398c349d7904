"""/api/v1/payments/, /api/v1/categories/, /api/v1/recurrences/ and /api/v1/receiving/."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from shared_apps.core import finding
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params, rows
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.finance import export, payment_queries, services
from tenant_apps.finance.api import filters
from tenant_apps.finance.models import Category, Payment, Recurrence
from tenant_apps.finance.serializers import (
    CategoryChangeSerializer,
    CategorySerializer,
    PaymentRowSerializer,
    PaymentTotalsSerializer,
    PolicySerializer,
    RecurrenceSerializer,
    ReversalSerializer,
)
from tenant_apps.team.actor import actor_of

M = TypeVar("M", bound=Model)


def found(model: type[M], pk: UUID) -> M:
    """Raises NotThere."""
    return finding.one(model._default_manager.all(), pk)


class PaymentViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "totals": Permission.FINANCE_VIEW,
        "export": Permission.FINANCE_VIEW,
        "reverse": Permission.FINANCE_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(parameters=filters.PAYMENT_PARAMETERS, responses=page_of(PaymentRowSerializer))
    def list(self, request: Request) -> HttpResponse:
        """Newest first; those that were reversed say so."""
        wanted, (number, size) = filters.payments_wanted(request), params.page_and_size(request)
        page = rows.page(
            payment_queries.payments(wanted),
            payment_queries.payment_rows,
            payment_queries.NEWEST,
            number=number,
            size=size,
            sought=wanted.is_narrow,
            walking=payment_queries.payments(wanted),
        )
        return rows.answer(request, page)

    @extend_schema(parameters=filters.PAYMENT_FILTERS, responses=PaymentTotalsSerializer)
    @action(detail=False, url_path="totals", url_name="totals")
    def totals(self, request: Request) -> HttpResponse:
        """How many the filter finds, what came in and what went out."""
        found = payment_queries.payments(filters.payments_wanted(request))
        return represent(request, payment_queries.payment_totals(found), PaymentTotalsSerializer)

    @extend_schema(parameters=filters.PAYMENT_FILTERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=False, url_path="export", url_name="export")
    def export(self, request: Request) -> HttpResponseBase:
        """Everything the filter finds as CSV, newest first, sent while it is made."""
        found = payment_queries.payments(filters.payments_wanted(request)).order_by(*payment_queries.NEWEST)
        lines = export.payment_lines(found, language=get_language() or "")
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="payments-{current.today().isoformat()}.csv"'
        return answer

    @extend_schema(request=ReversalSerializer, responses={201: ReversalSerializer})
    @action(detail=True, methods=["post"], url_path="reversal", url_name="reversal")
    @idempotent
    def reverse(self, request: Request, pk: UUID) -> HttpResponse:
        """The payment does not count; what it settled is due again."""
        given = validated(ReversalSerializer, request)
        reversal = services.reverse_payment(found(Payment, pk), actor=actor_of(request), **given)
        return represent(request, reversal, ReversalSerializer, status=201)


class CategoryViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "create": Permission.FINANCE_MANAGE,
        "partial_update": Permission.FINANCE_MANAGE,
        "destroy": Permission.FINANCE_MANAGE,
    }
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(CategorySerializer))
    def list(self, request: Request) -> HttpResponse:
        services.ensure_categories()
        return serialized_page(request, Category.objects.order_by("kind", "name", "id"), CategorySerializer)

    @extend_schema(request=CategorySerializer, responses={201: CategorySerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        made = services.add_category(actor=actor_of(request), **validated(CategorySerializer, request))
        return represent(request, made, CategorySerializer, status=201)

    @extend_schema(request=CategoryChangeSerializer, responses=CategorySerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        category = found(Category, pk)
        changes = validated(CategoryChangeSerializer, request, instance=category)
        changed = services.change_category(category, actor=actor_of(request), **changes)
        return represent(request, changed, CategorySerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        services.remove_category(found(Category, pk), actor=actor_of(request))
        return HttpResponse(status=204)


class RecurrenceViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "retrieve": Permission.FINANCE_VIEW,
        "create": Permission.FINANCE_MANAGE,
        "partial_update": Permission.FINANCE_MANAGE,
        "destroy": Permission.FINANCE_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(RecurrenceSerializer))
    def list(self, request: Request) -> HttpResponse:
        return serialized_page(request, Recurrence.objects.order_by("description", "id"), RecurrenceSerializer)

    @extend_schema(request=RecurrenceSerializer, responses={201: RecurrenceSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """What is due by now is made at once."""
        given = validated(RecurrenceSerializer, request)
        made = services.create_recurrence(actor=actor_of(request), today=current.today(), **given)
        return represent(request, made, RecurrenceSerializer, status=201, url_name="recurrence-detail")

    @extend_schema(responses=RecurrenceSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, found(Recurrence, pk), RecurrenceSerializer)

    @extend_schema(request=RecurrenceSerializer(partial=True), responses=RecurrenceSerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        """Entries made already stay as they are."""
        kept, expected = found(Recurrence, pk), etags.expected_versions(request)
        changes = validated(RecurrenceSerializer, request, instance=kept)
        changed = services.update_recurrence(
            kept, actor=actor_of(request), today=current.today(), expected=expected, **changes
        )
        return represent(request, changed, RecurrenceSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Nothing comes back any more; what was made stays."""
        expected = etags.expected_versions(request, required=False)
        services.remove_recurrence(found(Recurrence, pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)


class ReceivingView(APIView):
    """How the firm is paid: its PIX key, late fee, interest, and days."""

    permissions = {"get": Permission.FINANCE_VIEW, "patch": Permission.FINANCE_MANAGE}

    @extend_schema(responses=PolicySerializer)
    def get(self, request: Request) -> HttpResponse:
        return represent(request, services.policy(), PolicySerializer)

    @extend_schema(request=PolicySerializer, responses=PolicySerializer)
    def patch(self, request: Request) -> HttpResponse:
        changes = validated(PolicySerializer, request)
        return represent(request, services.update_policy(actor=actor_of(request), **changes), PolicySerializer)
