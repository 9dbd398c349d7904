"""Offers of membership. Whoever holds the token may accept; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations import expiry, members, validation
from shared_apps.organizations.errors import AlreadyMember
from shared_apps.organizations.models import Invitation, Membership, Organization

LIFETIME = timedelta(days=7)


@transaction.atomic
def invite(organization: Organization, *, email: str, role: str, actor: User | None = None) -> tuple[Invitation, str]:
    """The invitation and the token for its link. An open one to the same address is replaced, so its link is dead.

    Raises FieldError for the address, PermissionDenied (as for adding the member at once), AlreadyMember.
    """
    address = validation.email(email)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    members.check_actor(organization, actor, roles={role})
    if Membership.objects.filter(organization=organization, user__email=address, is_active=True).exists():
        raise AlreadyMember
    Invitation.objects.filter(organization=organization, email=address, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=address,
        role=role,
        token_hash=hash_of(token),
        invited_by=actor,
        expires_at=timezone.now() + LIFETIME,
    )
    expiry.note(organization.pk, invitation.expires_at)
    return invitation, token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
