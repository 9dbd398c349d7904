"""What a person changes about their own account."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shared_apps.accounts import platform_sessions
from shared_apps.accounts.models import PlatformSession, User
from shared_apps.core.errors import NotThere
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import sessions
from shared_apps.organizations.models import Membership, Organization
from shared_apps.organizations.signals import members_changed
from shared_apps.tenancy import context

BUILT = {Organization.Status.ACTIVE, Organization.Status.SUSPENDED}


@transaction.atomic
def change_profile(user: User, *, name: str, locale: str) -> User:
    """The name is the same in all the organizations this person works in: their schemas follow."""
    user.name, user.locale = " ".join(name.split()), locale
    user.save(update_fields=["name", "locale"])
    joined = Membership.objects.filter(user=user, organization__status__in=BUILT).select_related("organization")
    for organization in [membership.organization for membership in joined]:
        with context.enter(organization.schema_name):
            members_changed.send(Organization, organization=organization, user_ids=[user.pk])
    return user


@transaction.atomic
def end_place(user: User, pk: UUID) -> None:
    """Sign out there: one sign-in of an app or a page, or a browser with all it had opened. Raises NotThere."""
    if sessions.end_elsewhere(Q(user=user, pk=pk)):
        return
    browser = PlatformSession.objects.filter(user=user, pk=pk).first()
    if browser is None:
        raise NotThere
    sessions.end_elsewhere(Q(user=user, platform_session=hash_of(browser.session_key)))
    platform_sessions.end([browser])


@transaction.atomic
def end_other_places(user: User, *, session_key: str) -> None:
    """Sign out everywhere but in this browser, on the site and in the firms that were entered from it."""
    sessions.end_elsewhere(Q(user=user) & ~Q(platform_session=hash_of(session_key)))
    platform_sessions.end(list(PlatformSession.objects.filter(user=user).exclude(session_key=session_key)))
