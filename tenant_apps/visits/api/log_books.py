"""/api/v1/assets/<id>/log-book/."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.organizations.permissions import Permission
from shared_apps.web.api.answers import represent
from shared_apps.web.api.pagination import serialized_page
from shared_apps.web.api.params import check_names
from shared_apps.web.api.schema import PAGE_PARAMETERS, page_of
from tenant_apps.visits import queries, services
from tenant_apps.visits.serializers import LogRowSerializer, VerificationSerializer


class LogBookViewSet(ViewSet):
    permissions = {"log_book": Permission.VISITS_REPORT, "verification": Permission.VISITS_REPORT}
    lookup_value_converter = "uuid"

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of(LogRowSerializer))
    @action(detail=True, url_path="log-book", url_name="log-book")
    def log_book(self, request: Request, pk: UUID) -> HttpResponse:
        """What was measured and dosed in this asset, row by row, each sealed with the one before it."""
        check_names(request, {"page", "page_size"})
        return serialized_page(request, queries.log_rows(queries.asset(pk)), LogRowSerializer)

    @extend_schema(responses=VerificationSerializer)
    @action(detail=True, url_path="log-book/verification", url_name="log-book-verification")
    def verification(self, request: Request, pk: UUID) -> HttpResponse:
        """Whether every row is as it was written; else the first that is not."""
        return represent(request, services.verify(queries.asset(pk).pk), VerificationSerializer)
