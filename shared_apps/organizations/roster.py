"""The organization's members as its own schema knows them: a tenant app's model, which this storey may not import.

settings.MEMBER_MODEL names it, as settings.AUTH_USER_MODEL names the user. It keeps the promises of `Member`, and its
manager those of `Members`. All of it runs inside the organization's schema.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol, cast
from uuid import UUID

from django.apps import apps
from django.conf import settings

from shared_apps.accounts.models import User


class Member(Protocol):
    pk: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    is_active: bool


class Seen(NamedTuple):
    """A member, when the session was last written down as used, and the person's language ("": never chosen)."""

    member: Member
    seen_at: datetime
    locale: str


class Members(Protocol):
    def signed_in(self, user_id: UUID, session_id: UUID) -> Member | None:
        """The active member behind a sign-in that was not revoked, in one query."""

    def on_pages(self, user_id: UUID, session_id: UUID, organization_id: UUID, *, seen_since: datetime) -> Seen | None:
        """The active member behind a page session of this organization that was used since then, in one query."""

    def guest(self, user: User, role: str) -> Member:
        """Somebody who is no member and may look around: a row that is in no table, and is never saved."""

    def active(self, user_id: UUID) -> Member | None:
        """The active member of this user."""


def members() -> Members:
    return cast(Members, apps.get_model(settings.MEMBER_MODEL)._default_manager)


def user_of(member: Member) -> User:
    """The member's user without a query: what the member does not carry is loaded on first use."""
    known = {"id": member.user_id, "email": member.email, "name": member.name, "is_active": True}
    return User.from_db("default", list(known), list(known.values()))
