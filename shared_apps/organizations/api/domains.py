"""The host names of an organization, at /api/v1/domains/: as on the settings page, for owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.accounts.models import User
from shared_apps.core import finding
from shared_apps.organizations import domains
from shared_apps.organizations.api.answers import organization_of, user_id_of, valid
from shared_apps.organizations.models import Domain, DomainClaim, Organization
from shared_apps.organizations.permissions import Permission
from shared_apps.web.api.answers import represent
from shared_apps.web.api.idempotency import idempotent
from shared_apps.web.api.serializers import StrictSerializer


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as DomainSerializer tells of it."""

    pk: UUID
    domain: str
    is_primary: bool
    record: dict[str, str]
    problem: str
    problem_text: str
    checked_at: datetime | None
    verified_at: datetime | None
    closes_at: datetime | None


class DomainNameSerializer(StrictSerializer):
    domain = serializers.CharField(max_length=300, help_text=_("For example clientes.minhaempresa.com.br."))


class RecordSerializer(serializers.Serializer):
    type = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class DomainSerializer(serializers.Serializer):
    """A claim, whether it is proven or waits for its TXT record."""

    id = serializers.UUIDField(source="pk")
    domain = serializers.CharField()
    is_primary = serializers.BooleanField(help_text=_("The address that links and e-mails name."))
    record = RecordSerializer(help_text=_("What proves the domain, to be added where it is managed."))
    problem = serializers.CharField(help_text=_("Why the last check failed; empty when it did not."))
    problem_text = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(
        allow_null=True, help_text=_("When a domain whose record has gone stops working.")
    )


class DomainsSerializer(serializers.Serializer):
    address = serializers.CharField(help_text=_("The host that every organization has; it works always."))
    primary = serializers.CharField()
    domains = DomainSerializer(many=True)


class DomainViewSet(viewsets.ViewSet):
    """Claim a name, prove it by a TXT record, make it the main address, give it up."""

    permission = Permission.ORGANIZATION_MANAGE

    @extend_schema(operation_id="domains_list", responses=forced_singular_serializer(DomainsSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """All names, at most ten beside the organization's own."""
        return Response(_all(_organization(request)))

    @extend_schema(operation_id="domains_claim", request=DomainNameSerializer, responses={201: DomainSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Say that a name is yours; again answers the same. It works once it is proven."""
        typed = valid(DomainNameSerializer, request)["domain"]
        claim = domains.claim_domain(_organization(request), typed, actor=User(pk=user_id_of(request)))
        return represent(request, _shown(claim), DomainSerializer, status=201, url_name="domains:domain")

    @extend_schema(operation_id="domains_retrieve", responses=DomainSerializer)
    def retrieve(self, request: Request, pk: UUID) -> HttpResponse:
        return represent(request, _shown(_claim(request, pk)), DomainSerializer)

    @extend_schema(operation_id="domains_check", request=None, responses=DomainSerializer)
    def check(self, request: Request, pk: UUID) -> HttpResponse:
        """Look for the record now. We look by ourselves every hour."""
        claim = domains.check_domain(_claim(request, pk), now=timezone.now(), by_hand=True)
        return represent(request, _shown(claim), DomainSerializer)

    @extend_schema(operation_id="domains_remove", responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Give a name up. If it was the main address, the organization's own host is again."""
        domains.give_up_domain(_claim(request, pk))
        return Response(status=204)

    @extend_schema(operation_id="domains_make_primary", request=DomainNameSerializer, responses=DomainsSerializer)
    def make_primary(self, request: Request) -> Response:
        """Make a proven name, or the organization's own host, the main address."""
        organization = _organization(request)
        with transaction.atomic():
            domains.make_primary(organization, valid(DomainNameSerializer, request)["domain"].strip().lower())
            return Response(_all(organization))


def _all(organization: Organization) -> dict[str, Any]:
    hosts = list(organization.domains.all())
    claims = organization.domain_claims.order_by("created_at", "id")
    primary = next((host.domain for host in hosts if host.is_primary), "")
    return {
        "address": next((host.domain for host in hosts if host.kind == Domain.Kind.SUBDOMAIN), ""),
        "primary": primary,
        "domains": DomainSerializer([_shown(claim, primary) for claim in claims], many=True).data,
    }


def _shown(claim: DomainClaim, primary: str | None = None) -> Shown:
    """`primary` is the organization's main host, where that is known already."""
    if primary is None:
        primary = domains.primary_host(claim.organization_id)
    return Shown(
        pk=claim.pk,
        domain=claim.domain,
        is_primary=claim.domain == primary,
        record={"type": "TXT", "name": domains.record_name(claim.domain), "value": claim.token},
        problem=claim.problem,
        problem_text=str(domains.PROBLEMS[claim.problem]) if claim.problem else "",
        checked_at=claim.checked_at,
        verified_at=claim.verified_at,
        closes_at=domains.closes_at(claim),
    )


def _organization(request: Request) -> Organization:
    return Organization.objects.get(pk=organization_of(request))


def _claim(request: Request, pk: UUID) -> DomainClaim:
    mine = DomainClaim.objects.select_related("organization").filter(organization_id=organization_of(request))
    return finding.one(mine, pk)
