"""Which firms a person can enter."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Domain, Membership, Organization, Role
from shared_apps.organizations.onboarding import host_of


@dataclass(frozen=True, slots=True)
class Firm:
    name: str
    slug: str
    role: str
    status: str
    url: str

    @property
    def is_open(self) -> bool:
        return self.status == Organization.Status.ACTIVE

    @property
    def is_being_opened(self) -> bool:
        return self.status in (Organization.Status.PENDING, Organization.Status.PROVISIONING)


def firms_of(user: User) -> list[Firm]:
    """By name. Those that are closed or about to be deleted are left out."""
    standing = [
        Organization.Status.ACTIVE,
        Organization.Status.SUSPENDED,
        Organization.Status.PENDING,
        Organization.Status.PROVISIONING,
    ]
    found = Membership.objects.filter(user=user, is_active=True, organization__status__in=standing)
    main = Domain.objects.filter(tenant=OuterRef("organization"), is_primary=True).values("domain")[:1]
    rows = found.select_related("organization").annotate(main=Subquery(main)).order_by("organization__name")
    return [
        Firm(
            one.organization.name,
            one.organization.slug,
            str(Role(one.role).label),
            one.organization.status,
            settings.ORGANIZATION_URL.format(host=one.main or host_of(one.organization.slug)),
        )
        for one in rows
    ]
