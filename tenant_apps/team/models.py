"""Who works here: one row per membership, so that tenant rows can name a person without leaving their schema."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, models

from shared_apps.accounts.models import User
from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import RefreshSession
from shared_apps.organizations.roster import Seen


class MemberManager(models.Manager["Member"]):
    def signed_in(self, user_id: UUID, session_id: UUID) -> Member | None:
        """The active member of this user, if the sign-in was not revoked since. One query, on every request."""
        with connection.cursor() as cursor:  # written out: the ORM would take longer to compose it than the rest
            cursor.execute(_SIGNED_IN, [user_id, session_id])
            row = cursor.fetchone()
        return Member.from_db(connection.alias, _FIELDS, row) if row else None

    def on_pages(self, user_id: UUID, session_id: UUID, organization_id: UUID, *, seen_since: datetime) -> Seen | None:
        """The same for a page session of this organization, if it was used since then and has not ended."""
        with connection.cursor() as cursor:
            cursor.execute(_ON_PAGES, [user_id, session_id, organization_id, seen_since])
            row = cursor.fetchone()
        return Seen(Member.from_db(connection.alias, _FIELDS, row[:-2]), row[-2], row[-1]) if row else None

    def guest(self, user: User, role: str) -> Member:
        return Member(id=user.pk, user_id=user.pk, name=user.name, email=user.email, role=role)

    def active(self, user_id: UUID) -> Member | None:
        return self.filter(user_id=user_id, is_active=True).first()


class Member(UUIDModel):
    """A membership as the organization's own schema knows it. `user_id` is the public user's UUID."""

    id: UUID
    user_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()

    def __str__(self) -> str:
        return self.name or self.email


_FIELDS = [field.attname for field in Member._meta.concrete_fields]
_columns = ", ".join(f"member.{field.column}" for field in Member._meta.concrete_fields)
_SIGNED_IN = f"""
    SELECT {_columns} FROM {Member._meta.db_table} member
    WHERE member.user_id = %s AND member.is_active AND EXISTS (
        SELECT FROM {RefreshSession._meta.db_table} session
        WHERE session.id = %s AND session.user_id = member.user_id AND session.revoked_at IS NULL
    )
"""  # noqa: S608 - names of our own tables and columns
_ON_PAGES = f"""
    SELECT {_columns}, session.seen_at, person.locale
    FROM {Member._meta.db_table} member JOIN {RefreshSession._meta.db_table} session ON session.user_id = member.user_id
        JOIN {User._meta.db_table} person ON person.id = member.user_id
    WHERE member.user_id = %s AND member.is_active AND session.id = %s AND session.organization_id = %s
        AND session.kind = 'pages' AND session.revoked_at IS NULL
        AND session.expires_at > statement_timestamp() AND session.seen_at > %s
"""  # noqa: S608 - names of our own tables and columns
