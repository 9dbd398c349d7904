"""/api/v1/visit-reports/."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import FieldError
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import etags, params
from shared_apps.web.api.answers import represent, validated
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.actor import actor_of
from tenant_apps.visits import drawn, queries, services
from tenant_apps.visits.models import VisitReport
from tenant_apps.visits.serializers import (
    GivenSerializer,
    NewReportSerializer,
    ReportSerializer,
    RowSerializer,
    given_of,
)

_IDS = ("appointment", "client", "member", "asset")
_NAMES = frozenset({"page", "page_size", "from", "until", "finished", *_IDS})
PARAMETERS = [
    *PAGE_PARAMETERS,
    OpenApiParameter("from", str, description="Visits that begin on this date or later."),
    OpenApiParameter("until", str, description="Visits that begin on this date (all of it) or earlier."),
    OpenApiParameter("finished", str, enum=["true", "false"]),
    *(OpenApiParameter(name, OpenApiTypes.UUID) for name in _IDS),
]


class VisitReportViewSet(ViewSet):
    permissions = {
        "list": Permission.VISITS_REPORT,
        "retrieve": Permission.VISITS_REPORT,
        "signature": Permission.VISITS_REPORT,
        "create": Permission.VISITS_REPORT,
        "update": Permission.VISITS_REPORT,
    }
    lookup_value_converter = "uuid"
    if_match = True

    @extend_schema(parameters=PARAMETERS, responses=page_of(RowSerializer))
    def list(self, request: Request) -> HttpResponse:
        return serialized_page(request, filtered(request), RowSerializer)

    @extend_schema(request=NewReportSerializer, responses={200: ReportSerializer, 201: ReportSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Report on an appointment. 201 when it is its first report, 200 when it is sent again or changed."""
        values = validated(NewReportSerializer, request)
        appointment = Appointment.objects.filter(pk=values["appointment"]).first()
        if appointment is None:
            raise FieldError("appointment", _("There is no such appointment."), "unknown_appointment")
        is_new = not VisitReport.objects.filter(appointment=appointment).exists()
        report = services.save_report(
            appointment,
            actor=actor_of(request),
            sent_key=values.get("sent_key"),
            given=given_of(values),
            now=timezone.now(),
        )
        status = 201 if is_new else 200
        shown = queries.report(report.pk)
        return represent(request, shown, ReportSerializer, status=status, url_name="visit-report-detail")

    @extend_schema(responses=ReportSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        report = queries.report(pk)
        known = etags.is_known(request, report)
        return etags.not_modified(report) if known else represent(request, report, ReportSerializer)

    @extend_schema(request=GivenSerializer, responses=ReportSerializer)
    def update(self, request: Request, pk: UUID) -> HttpResponse:
        """Replace what is reported. Of a finished visit this is a correction, which the log book shows as one."""
        report, expected = queries.report(pk), etags.expected_versions(request)
        values = validated(GivenSerializer, request)
        services.save_report(
            report.appointment,
            actor=actor_of(request),
            sent_key=values.get("sent_key"),
            given=given_of(values),
            now=timezone.now(),
            expected=expected,
        )
        return represent(request, queries.report(pk), ReportSerializer)

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="signature", url_name="signature")
    def signature(self, request: Request, pk: UUID) -> HttpResponse:
        """The signature, a PNG."""
        return drawn.signature(queries.report(pk))


def filtered(request: Request) -> QuerySet[VisitReport]:
    """Raises InvalidParameter."""
    params.check_names(request, _NAMES)
    found = queries.reports()
    if start := params.moment(request, "from"):
        found = found.filter(appointment__starts_at__gte=start)
    if end := params.moment(request, "until", end=True):
        found = found.filter(appointment__starts_at__lt=end)
    if finished := params.choice(request, "finished", ("true", "false")):
        found = found.filter(checked_out_at__isnull=finished == "false")
    if appointment := _id(request, "appointment"):
        found = found.filter(appointment=appointment)
    if client := _id(request, "client"):
        found = found.filter(appointment__client=client)
    if member := _id(request, "member"):
        found = found.filter(by=member)
    if asset := _id(request, "asset"):
        found = found.filter(readings__asset=asset).distinct()
    return found


def _id(request: Request, name: str) -> UUID | None:
    text = params.text(request, name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidParameter(name, _("This is not an identifier."), "invalid") from None
