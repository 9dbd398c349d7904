"""Keeping members in step with memberships."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared_apps.organizations.models import Membership, Organization
from tenant_apps.team.models import Member


def sync_members(organization: Organization, *, user_ids: Iterable[UUID] | None = None) -> None:
    """Make the Member rows of these users (None: of all) say what their memberships say. Runs inside the schema."""
    memberships = Membership.objects.filter(organization=organization).select_related("user")
    if user_ids is not None:
        memberships = memberships.filter(user_id__in=list(user_ids))
    Member.objects.bulk_create(
        [
            Member(
                user_id=membership.user_id,
                name=membership.user.name,
                email=membership.user.email,
                role=membership.role,
                is_active=membership.is_active and membership.user.is_active,
            )
            for membership in memberships
        ],
        update_conflicts=True,
        unique_fields=["user_id"],
        update_fields=["name", "email", "role", "is_active"],
    )
