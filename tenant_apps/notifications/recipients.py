"""Who is told something. What is needed to reach them travels with them: clients and members live in other apps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.team.models import Member

Kind = Notification.Recipient


@dataclass(frozen=True, slots=True)
class Recipient:
    """`locale` empty: the organization's for a client, their own for a member. `phone` is E.164."""

    kind: Kind
    id: UUID
    name: str
    email: str = ""
    phone: str = ""
    locale: str = ""
    user_id: UUID | None = None

    @classmethod
    def member(cls, member: Member) -> Recipient:
        return cls.colleague(member.pk, member.name, member.email, member.user_id)

    @classmethod
    def colleague(cls, member_id: UUID, name: str, email: str, user_id: UUID) -> Recipient:
        """A member, of whom a query has read no more than this."""
        return cls(Kind.MEMBER, member_id, name or email, email, user_id=user_id)

    @classmethod
    def client(cls, client_id: UUID, name: str, email: str = "", phone: str = "", locale: str = "") -> Recipient:
        return cls(Kind.CLIENT, client_id, name, email, phone, locale)

    def address_for(self, channel: Channel) -> str:
        """Where a channel reaches them; empty: not at all."""
        match channel:
            case Channel.APP:
                return str(self.id) if self.kind == Kind.MEMBER else ""
            case Channel.EMAIL:
                return self.email
            case _:
                return self.phone
