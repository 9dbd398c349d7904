"""/api/v1/entries/<id>/provider-charge/: the charge that the firm's own provider issued of an entry."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api.answers import represent
from shared_apps.web.api.idempotency import idempotent
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import charges
from tenant_apps.finance.providers.models import ProviderCharge
from tenant_apps.finance.providers.queries import latest
from tenant_apps.finance.providers.serializers import ProviderChargeSerializer
from tenant_apps.team.actor import actor_of


class ProviderChargeView(APIView):
    permissions = {
        "get": Permission.FINANCE_VIEW,
        "post": Permission.FINANCE_MANAGE,
        "delete": Permission.FINANCE_MANAGE,
    }

    @extend_schema(responses=ProviderChargeSerializer)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The charge that counts, or the last one there was."""
        return represent(request, _charge(pk), ProviderChargeSerializer)

    @extend_schema(request=None, responses={201: ProviderChargeSerializer})
    @idempotent
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Have it issued. It is `pending` until the provider has answered; asked twice, there is one."""
        charge = charges.ask_for_charge(_entry(pk), actor=actor_of(request), now=timezone.now())
        return represent(request, charge, ProviderChargeSerializer, status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> HttpResponse:
        """Have it withdrawn: `is_leaving` until the provider has answered."""
        charges.withdraw(_charge(pk), actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)


def _charge(pk: UUID) -> ProviderCharge:
    charge = latest(_entry(pk))
    if charge is None:
        raise NotThere
    return charge


def _entry(pk: UUID) -> Entry:
    return finding.one(Entry.objects.select_related("client").defer("client__search"), pk)
