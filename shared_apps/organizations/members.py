"""Who belongs to an organization, and as what. The organization's own schema follows in the same transaction."""

from __future__ import annotations

from django.db import transaction

from shared_apps.accounts.models import User
from shared_apps.organizations import admission, sessions
from shared_apps.organizations.errors import AlreadyMember, LastOwner, PermissionDenied
from shared_apps.organizations.models import Membership, Organization, Role
from shared_apps.organizations.permissions import Permission, allows
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context

UNBUILT = {Organization.Status.PENDING, Organization.Status.PROVISIONING}


@transaction.atomic
def add_member(organization: Organization, user: User, *, role: str, actor: User | None = None) -> Membership:
    """Make somebody a member, or a member again. Raises AlreadyMember or PermissionDenied.

    `actor` None is the platform itself (its commands and jobs), which may do everything.
    """
    organization = _lock(organization)
    check_actor(organization, actor, roles={role})
    membership, made = Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": role})
    if not made:
        if membership.is_active:
            raise AlreadyMember
        check_actor(organization, actor, roles={membership.role})
        membership.role, membership.is_active = role, True
        membership.save(update_fields=["role", "is_active"])
    _tell(organization, user)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, actor: User | None = None) -> Membership:
    """Raises LastOwner or PermissionDenied. The new role holds from the member's next request on."""
    organization, membership = _locked(membership)
    check_actor(organization, actor, roles={membership.role, role})
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _tell(organization, membership.user)
    return membership


@transaction.atomic
def deactivate_member(membership: Membership, *, actor: User | None = None) -> Membership:
    """Take somebody's access away, keeping what they did. Raises LastOwner or PermissionDenied."""
    organization, membership = _locked(membership)
    check_actor(organization, actor, roles={membership.role})
    _keep_an_owner(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    sessions.end_all(membership.user_id, organization_id=organization.pk)
    _tell(organization, membership.user)
    return membership


@transaction.atomic
def leave(membership: Membership) -> Membership:
    """Somebody goes by themselves. Raises LastOwner."""
    return deactivate_member(membership)


@transaction.atomic
def reactivate_member(membership: Membership, *, actor: User | None = None) -> Membership:
    """Somebody comes back, as what they were. Raises AlreadyMember or PermissionDenied."""
    admission.check(membership.organization)
    return add_member(membership.organization, membership.user, role=membership.role, actor=actor)


@transaction.atomic
def hand_over_ownership(organization: Organization, *, to: Membership, actor: User) -> None:
    """Another member becomes owner, and the one who was steps back to administrator. Raises PermissionDenied."""
    organization = _lock(organization)
    own = Membership.objects.owning().filter(organization=organization, user=actor).first()
    if own is None or to.organization_id != organization.pk or not to.is_active or to.pk == own.pk:
        raise PermissionDenied
    change_role(to, role=Role.OWNER, actor=actor)  # first: there is an owner at every moment
    change_role(own, role=Role.ADMIN)


def _lock(organization: Organization) -> Organization:
    """Changes of one organization's members wait for each other: two owners cannot remove each other at once."""
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _locked(membership: Membership) -> tuple[Organization, Membership]:
    organization = Organization.objects.select_for_update().get(pk=membership.organization_id)
    return organization, Membership.objects.select_related("user").get(pk=membership.pk)


def check_actor(organization: Organization, actor: User | None, *, roles: set[str]) -> None:
    """Who may manage the team may; only an owner makes, changes or removes owners."""
    if actor is None:
        return
    own = Membership.objects.filter(organization=organization, user=actor, is_active=True).first()
    if own is None or not allows(own.role, Permission.TEAM_MANAGE):
        raise PermissionDenied
    if Role.OWNER in roles and own.role != Role.OWNER:
        raise PermissionDenied


def _keep_an_owner(leaving: Membership) -> None:
    if leaving.role != Role.OWNER or not leaving.is_active:
        return
    owners = Membership.objects.owning().filter(organization_id=leaving.organization_id)
    if not owners.filter(user__is_active=True).exclude(pk=leaving.pk).exists():
        raise LastOwner


def _tell(organization: Organization, user: User) -> None:
    """The schema's own rows follow. One that is not built yet gets all of them when it is."""
    if organization.status in UNBUILT:
        return
    with context.enter(organization.schema_name):
        members_changed.send(Organization, organization=organization, user_ids=[user.pk])
