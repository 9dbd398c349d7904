"""Opening an organization: rows in public, a schema of its own, its owner as first member."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Domain, Membership, Organization, OrganizationTransition, Role
from shared_apps.organizations.signals import members_changed, organization_opened
from shared_apps.tenancy import context, provisioning


def schema_name_for(slug: str) -> str:
    """`acme-sul` -> `org_acme_sul`. Slugs hold no underscore, so two slugs never share a schema."""
    return "org_" + slug.replace("-", "_")


def open_organization(*, slug: str, name: str, owner: User, timezone: str = "America/Sao_Paulo") -> Organization:
    with context.public(), transaction.atomic():
        organization = Organization.objects.create(
            slug=slug, name=name, schema_name=schema_name_for(slug), timezone=timezone, status="provisioning"
        )
        Domain.objects.create(domain=f"{slug}.{settings.PLATFORM_DOMAIN}", tenant=organization)
        Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    provisioning.provision(organization.schema_name)
    with context.enter(organization.schema_name), transaction.atomic():
        organization.status = Organization.Status.ACTIVE
        organization.save(update_fields=["status"])
        OrganizationTransition.objects.create(
            organization=organization, from_status="provisioning", to_status="active", cause="onboarding"
        )
        members_changed.send(Organization, organization=organization, user_ids=[owner.pk])
        organization_opened.send(Organization, organization=organization)
    return organization
