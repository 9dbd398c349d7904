"""/api/v1/entries/ and what hangs on one entry."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core import finding
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params, rows
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.finance import charging, export, queries, services
from tenant_apps.finance.api import filters
from tenant_apps.finance.models import Entry
from tenant_apps.finance.serializers import (
    EntryCancellationSerializer,
    EntryRowSerializer,
    EntrySerializer,
    LinkSerializer,
    NewEntrySerializer,
    PaymentSerializer,
    PixSerializer,
    TotalsSerializer,
)
from tenant_apps.team.actor import actor_of


def found(pk: UUID) -> Entry:
    """Raises NotThere."""
    related = ("client__archival", "category", "cancellation__by")
    return finding.one(Entry.objects.select_related(*related).defer("client__search"), pk)


class EntryViewSet(ViewSet):
    permissions = {
        "list": Permission.FINANCE_VIEW,
        "retrieve": Permission.FINANCE_VIEW,
        "totals": Permission.FINANCE_VIEW,
        "export": Permission.FINANCE_VIEW,
        "payments": Permission.FINANCE_VIEW,
        "pix": Permission.FINANCE_VIEW,
        "create": Permission.FINANCE_MANAGE,
        "partial_update": Permission.FINANCE_MANAGE,
        "destroy": Permission.FINANCE_MANAGE,
        "cancel": Permission.FINANCE_MANAGE,
        "restore": Permission.FINANCE_MANAGE,
        "pay": Permission.FINANCE_MANAGE,
        "make_link": Permission.FINANCE_MANAGE,
        "revoke_links": Permission.FINANCE_MANAGE,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(parameters=filters.PARAMETERS, responses=page_of(EntryRowSerializer))
    def list(self, request: Request) -> HttpResponse:
        wanted, (number, size), today = filters.wanted(request), params.page_and_size(request), current.today()
        found, ordering = queries.entries(wanted, today=today), filters.ordering(request)
        page = rows.page(
            found,
            partial(queries.entry_rows, today=today),
            ordering,
            number=number,
            size=size,
            sought=wanted.is_narrow,
            walking=found if queries.has_index(ordering) else None,
        )
        return rows.answer(request, page)

    @extend_schema(parameters=filters.FILTERS, responses=TotalsSerializer)
    @action(detail=False, url_path="totals", url_name="totals")
    def totals(self, request: Request) -> HttpResponse:
        """How many the filter finds, and what they come to."""
        found = queries.entries(filters.wanted(request), today=current.today())
        return represent(request, queries.totals(found), TotalsSerializer)

    @extend_schema(parameters=filters.FILTERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=False, url_path="export", url_name="export")
    def export(self, request: Request) -> HttpResponseBase:
        """Everything the filter finds as CSV, sent while it is made."""
        today = current.today()
        found = queries.entries(filters.wanted(request), today=today).order_by(*filters.ordering(request))
        lines = export.csv_lines(found, today=today, language=get_language() or "")
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="entries-{today.isoformat()}.csv"'
        return answer

    @extend_schema(request=NewEntrySerializer, responses={201: EntrySerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Write down what is due. Of instalments the first is answered; `group` finds the others."""
        given = {"kind": "receivable", **validated(NewEntrySerializer, request)}
        entry = services.create_entry(actor=actor_of(request), **given)[0]
        return represent(request, entry, EntrySerializer, status=201, url_name="entry-detail")

    @extend_schema(responses=EntrySerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, found(pk), EntrySerializer)

    @extend_schema(request=EntrySerializer(partial=True), responses=EntrySerializer)
    def partial_update(self, request: Request, pk: UUID) -> HttpResponse:
        entry, expected = found(pk), etags.expected_versions(request)
        changes = validated(EntrySerializer, request, instance=entry)
        entry = services.update_entry(entry, actor=actor_of(request), expected=expected, **changes)
        return represent(request, entry, EntrySerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> HttpResponse:
        """Take away what was written down by mistake and never paid."""
        expected = etags.expected_versions(request, required=False)
        services.delete_entry(found(pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)

    @extend_schema(request=EntryCancellationSerializer, responses={201: EntryCancellationSerializer})
    @action(detail=True, methods=["post"], url_path="cancellation", url_name="cancellation")
    @idempotent
    def cancel(self, request: Request, pk: UUID) -> HttpResponse:
        """It is not due any more."""
        given = validated(EntryCancellationSerializer, request)
        expected = etags.expected_versions(request, required=False)
        cancellation = services.cancel_entry(found(pk), actor=actor_of(request), expected=expected, **given)
        return represent(request, cancellation, EntryCancellationSerializer, status=201)

    @extend_schema(responses={204: None})
    @cancel.mapping.delete
    def restore(self, request: Request, pk: UUID) -> HttpResponse:
        """It is due again."""
        expected = etags.expected_versions(request, required=False)
        services.restore_entry(found(pk), actor=actor_of(request), expected=expected)
        return HttpResponse(status=204)

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(PaymentSerializer))
    @action(detail=True, url_path="payments", url_name="payments")
    def payments(self, request: Request, pk: UUID) -> HttpResponse:
        payments = found(pk).payments.select_related("by", "reversal__by").order_by("-paid_on", "-id")
        return serialized_page(request, payments, PaymentSerializer)

    @extend_schema(request=PaymentSerializer, responses={201: PaymentSerializer})
    @payments.mapping.post
    @idempotent
    def pay(self, request: Request, pk: UUID) -> HttpResponse:
        given = validated(PaymentSerializer, request)
        pay = services.pay_entry if given.keys() & {"extra", "discount"} else services.receive
        payment = pay(found(pk), actor=actor_of(request), **given)
        return represent(request, payment, PaymentSerializer, status=201)

    @extend_schema(request=None, responses={201: LinkSerializer})
    @action(detail=True, methods=["post"], url_path="link", url_name="link")
    def make_link(self, request: Request, pk: UUID) -> HttpResponse:
        """An address at which the client sees and pays it. Shown this once; every call makes another."""
        url = services.make_link(found(pk), actor=actor_of(request), now=timezone.now())
        return represent(request, {"url": url}, LinkSerializer, status=201)

    @extend_schema(responses={204: None})
    @make_link.mapping.delete
    def revoke_links(self, request: Request, pk: UUID) -> HttpResponse:
        """None of its addresses works any more."""
        services.revoke_links(found(pk), actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)

    @extend_schema(responses=PixSerializer)
    @action(detail=True, url_path="pix", url_name="pix")
    def pix(self, request: Request, pk: UUID) -> HttpResponse:
        """The PIX code of what is due today."""
        charge = charging.charge_of(found(pk), today=current.today())
        return represent(request, {"amount": charge.due.total, "code": charge.pix_code}, PixSerializer)
