"""Which firms a person can enter."""

from __future__ import annotations

from dataclasses import dataclass

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Membership, Organization, Role
from shared_apps.organizations.onboarding import url_of


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
    return [
        Firm(one.organization.name, one.organization.slug, str(Role(one.role).label), one.organization.status,
             url_of(one.organization.slug))
        for one in found.select_related("organization").order_by("organization__name")
    ]  # fmt: skip
