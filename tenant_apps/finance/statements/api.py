"""/api/v1/statements/<name>/"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api import params
from shared_apps.web.api.answers import represent
from shared_apps.web.api.errors import InvalidParameter
from shared_apps.web.api.schema import PAGE_PARAMETERS
from tenant_apps.clients.models import Client
from tenant_apps.finance.statements import asking, serializers
from tenant_apps.finance.statements.ageing import ageing
from tenant_apps.finance.statements.asking import Read
from tenant_apps.finance.statements.cash_flow import cash_flow
from tenant_apps.finance.statements.client import account
from tenant_apps.finance.statements.income import BASES, income

PERIOD = [OpenApiParameter("from", str, description="A date."), OpenApiParameter("until", str, description="A date.")]
BY = OpenApiParameter("by", str, enum=asking.WAYS, description="`month` unless told.")
OPENING = OpenApiParameter("opening", str, description="The balance before the period.")
BASIS = OpenApiParameter("basis", str, enum=BASES, description="`accrual` unless told.")


class StatementViewSet(ViewSet):
    permission = Permission.FINANCE_VIEW

    @extend_schema(parameters=[*PERIOD, BY, OPENING], responses=serializers.CashFlowSerializer)
    @action(detail=False, url_path="cash-flow", url_name="cash-flow")
    def cash_flow(self, request: Request) -> HttpResponse:
        """What came in and went out, and what is still to come."""
        params.check_names(request, ["from", "until", "by", "opening"])
        today = timezone.localdate()
        asked = asking.cash_flow(_reader(request), _refuse, today=today)
        found = cash_flow(asked.period, today=today, by=asked.by, opening=asked.opening)
        return represent(request, found, serializers.CashFlowSerializer)

    @extend_schema(parameters=PAGE_PARAMETERS, responses=serializers.AgeingSerializer)
    @action(detail=False)
    def ageing(self, request: Request) -> HttpResponse:
        """Open receivables by the days they are late, those who owe most first."""
        params.check_names(request, ["page", "page_size"])
        number, size = params.page_and_size(request)
        return represent(
            request, ageing(today=timezone.localdate(), page=number, size=size), serializers.AgeingSerializer
        )

    @extend_schema(parameters=[*PERIOD, BASIS], responses=serializers.IncomeSerializer)
    @action(detail=False)
    def income(self, request: Request) -> HttpResponse:
        """Earned and spent, by category and month."""
        params.check_names(request, ["from", "until", "basis"])
        asked = asking.income(_reader(request), _refuse, today=timezone.localdate())
        return represent(request, income(asked.period, basis=asked.basis), serializers.IncomeSerializer)

    @extend_schema(parameters=PERIOD, responses=serializers.AccountSerializer)
    @action(detail=False, url_path="client/<uuid:client>")
    def client(self, request: Request, client: UUID) -> HttpResponse:
        """A client's charges and payments, with the balance after each."""
        params.check_names(request, ["from", "until"])
        asked = asking.account(_reader(request), _refuse, today=timezone.localdate())
        found = Client.objects.defer("search").filter(pk=client).first()
        if found is None:
            raise NotThere
        return represent(request, account(found, asked.period), serializers.AccountSerializer)


def _reader(request: Request) -> Read:
    return lambda name: params.text(request, name)


def _refuse(name: str, message: str) -> None:
    raise InvalidParameter(name, message)
