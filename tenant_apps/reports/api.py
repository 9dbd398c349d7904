"""/api/v1/reports/ and the files they become under /api/v1/report-runs/."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.errors import InvalidParameter, PageNotFound
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.schema import PAGE_PARAMETERS
from shared_apps.web.api.serializers import StrictSerializer
from tenant_apps.reports import services
from tenant_apps.reports.answers import file_response, run_of
from tenant_apps.reports.asked import NAMES, Asked, day_or_none
from tenant_apps.reports.catalogue import REPORTS, Report, readable
from tenant_apps.reports.models import Format, Run
from tenant_apps.reports.services.files import Order
from tenant_apps.team.actor import actor_of

FILTERS = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first day."),
    OpenApiParameter("until", OpenApiTypes.DATE, description="The last day."),
    OpenApiParameter("client", UUID),
    OpenApiParameter("professional", UUID),
    OpenApiParameter("status", str, description="One of the report's `statuses`."),
]


class ReportSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(source="about")
    filters = serializers.ListField(child=serializers.CharField())
    statuses = serializers.DictField(child=serializers.CharField())
    columns = serializers.SerializerMethodField()

    def get_columns(self, report: Report) -> list[dict[str, str]]:
        return [{"key": one.key, "label": str(one.label), "kind": one.kind} for one in report.columns]


class ReportRowsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    totals = serializers.DictField(child=serializers.CharField())
    results = serializers.ListField(child=serializers.DictField())


class ReportOrderSerializer(StrictSerializer):
    format = serializers.ChoiceField(choices=Format.choices)
    filters = serializers.DictField(child=serializers.CharField(max_length=100), required=False, default=dict)


class ReportRunSerializer(serializers.ModelSerializer):
    done = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = ["id", "report", "filters", "format", "state", "rows", "done", "size", "created_at", "finished_at",
                  "expires_at"]  # fmt: skip

    def get_done(self, run: Run) -> int:
        return services.progress_of(run)


class ReportViewSet(ViewSet):
    permissions = {
        "list": Permission.REPORTS_VIEW,
        "retrieve": Permission.REPORTS_VIEW,
        "order": Permission.REPORTS_VIEW,
    }
    lookup_field = "key"
    lookup_value_converter = "slug"

    @extend_schema(responses=ReportSerializer(many=True))
    def list(self, request: Request) -> Response:
        params.check_names(request, [])
        return Response(ReportSerializer(readable(actor_of(request).role), many=True).data)

    @extend_schema(parameters=[*FILTERS, *PAGE_PARAMETERS], responses=ReportRowsSerializer)
    def retrieve(self, request: Request, key: str) -> HttpResponse:
        """A page of the report's rows, and the sums of all of them."""
        report = _report(request, key)
        params.check_names(request, [*NAMES, "page", "page_size"])
        asked = _asked(report, {name: params.text(request, name) for name in NAMES})
        (number, size), found = params.page_and_size(request), report.rows(asked)
        sums = report.sums(found)
        count = int(sums.pop("rows") or 0)
        page = [
            {column.key: column.of(row) for column in report.columns}
            for row in found[(number - 1) * size : number * size]
        ]
        if not page and number > 1:
            raise PageNotFound
        url = request.build_absolute_uri()
        links = {
            "next": replace_query_param(url, "page", number + 1) if number * size < count else None,
            "previous": replace_query_param(url, "page", number - 1) if number > 1 else None,
        }
        body = {
            "count": count,
            **links,
            "totals": {name: str(total or 0) for name, total in sums.items()},
            "results": page,
        }
        return HttpResponse(orjson.dumps(body, default=str), content_type="application/json")

    @extend_schema(request=ReportOrderSerializer, responses={201: ReportRunSerializer})
    @action(detail=True, methods=["post"], url_path="runs", url_name="runs")
    @idempotent
    def order(self, request: Request, key: str) -> HttpResponse:
        """Have the report made as a file. It is at `/report-runs/<id>/file/` once its state is `done`."""
        report, given = _report(request, key), validated(ReportOrderSerializer, request)
        unknown = set(given["filters"]) - set(NAMES)
        if unknown:
            raise InvalidParameter(
                f"filters.{min(unknown)[:60]}", _("There is no such parameter."), "unknown_parameter"
            )
        order = Order(report, _asked(report, given["filters"]), given["format"])
        run = services.order_run(order, actor=actor_of(request), now=timezone.now())
        return represent(request, run, ReportRunSerializer, status=201, url_name="report-run-detail")


class ReportRunViewSet(ViewSet):
    permissions = {"retrieve": Permission.REPORTS_VIEW, "file": Permission.REPORTS_VIEW}
    lookup_value_converter = "uuid"

    @extend_schema(responses=ReportRunSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, run_of(actor_of(request), pk), ReportRunSerializer)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="file", url_name="file")
    def file(self, request: Request, pk: UUID) -> FileResponse:
        return file_response(run_of(actor_of(request), pk))


def _report(request: Request, key: str) -> Report:
    """Raises NotThere, also for what the role may not read."""
    report = REPORTS.get(key)
    if report is None or not allows(actor_of(request).role, report.permission):
        raise NotThere
    return report


def _asked(report: Report, given: dict[str, Any]) -> Asked:
    """Raises InvalidParameter for what `Asked.read` would pass over."""
    for name, read, why in (
        ("from", day_or_none, _("A date such as 2026-11-23.")),
        ("until", day_or_none, _("A date such as 2026-11-23.")),
        ("client", uuid_or_none, _("This is not an identifier.")),
        ("professional", uuid_or_none, _("This is not an identifier.")),
    ):
        if given.get(name) and read(given[name]) is None:
            raise InvalidParameter(name, why, "invalid")
    if given.get("status") and given["status"] not in report.statuses:
        raise InvalidParameter(
            "status", _("One of: %(choices)s.") % {"choices": ", ".join(report.statuses)}, "invalid_choice"
        )
    return Asked.read(given, report.statuses)
