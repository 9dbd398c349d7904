"""Offers of membership. Whoever holds the token may accept, once; only its hash is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core import formats
from shared_apps.core.errors import FieldError
from shared_apps.core.tokens import hash_of
from shared_apps.mail import services as mail
from shared_apps.organizations import admission, domains, expiry, members, validation
from shared_apps.organizations.errors import AlreadyMember, InvitationGone, InvitedAnother
from shared_apps.organizations.models import Invitation, Membership, Organization, Role

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
    admission.check(organization)
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


def send(invitation: Invitation, token: str, *, organization: Organization) -> None:
    """The mail with the link, in the organization's name and language."""
    inviter = invitation.invited_by
    with formats.reading(locale=organization.locale, zone=organization.timezone):
        role = str(Role(invitation.role).label)
        until = formats.long_date(invitation.expires_at)
    mail.send(
        "organizations/invitation",
        to=invitation.email,
        locale=organization.locale,
        organization=organization,
        context={
            "inviter": (inviter.name or inviter.email) if inviter else organization.name,
            "firm": organization.name,
            "role": role,
            "link": f"{domains.address_of(organization)}/invitations/?token={token}",
            "until": until,
        },
    )
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])


@transaction.atomic
def invite_by_mail(organization: Organization, *, email: str, role: str, actor: User | None = None) -> Invitation:
    """Invite and write. Raises what `invite` raises."""
    invitation, token = invite(organization, email=email, role=role, actor=actor)
    send(invitation, token, organization=organization)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, actor: User) -> Invitation:
    """A new link to the same address, with the days of a new one; the old link is dead. Raises as `invite` does."""
    return invite_by_mail(invitation.organization, email=invitation.email, role=invitation.role, actor=actor)


@transaction.atomic
def revoke(invitation: Invitation, *, actor: User) -> None:
    """The link is dead from now on. Raises PermissionDenied."""
    organization = Organization.objects.select_for_update().get(pk=invitation.organization_id)
    members.check_actor(organization, actor, roles={invitation.role})
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


def open_ones(organization_id: UUID) -> QuerySet[Invitation]:
    """Those that wait for an answer, also when it is too late for one; newest first."""
    return Invitation.objects.filter(organization=organization_id, accepted_at=None).order_by("-created_at")


def find(token: str) -> Invitation:
    """The invitation of a link. Raises InvitationGone when it was used, revoked, replaced or never was, or expired."""
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(token_hash=hash_of(token), accepted_at=None)
        .first()
    )
    if invitation is None or invitation.organization.status != Organization.Status.ACTIVE:
        raise InvitationGone
    if invitation.expires_at <= timezone.now():
        raise InvitationGone(_("This invitation has expired. Ask the firm for a new one."))
    return invitation


@transaction.atomic
def accept(token: str, *, user: User) -> Membership:
    """Become a member, unless one is already; the link works no more. Raises InvitationGone, InvitedAnother."""
    invitation = find(token)
    organization = Organization.objects.select_for_update().get(pk=invitation.organization_id)
    invitation = find(token)  # again, now that others wait: two at once make one membership
    if user.email.lower() != invitation.email.lower():
        raise InvitedAnother(email=invitation.email)
    membership = Membership.objects.filter(organization=organization, user=user, is_active=True).first()
    if membership is None:
        membership = members.add_member(organization, user, role=invitation.role)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership


@transaction.atomic
def accept_as_new(token: str, *, name: str, password: str, locale: str = "") -> User:
    """A new person, whose address the link has proven, and their membership. Raises FieldError for the password."""
    invitation = find(token)
    email = invitation.email
    if User.objects.filter(email=email).exists():
        raise InvitedAnother(email=email)
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise FieldError("password", " ".join(error.messages)) from None
    user = User.objects.create_user(email, password, name=" ".join(name.split()), locale=locale)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    accept(token, user=user)
    return user
