"""Who is told something. What is needed to reach them travels with them: clients and members live in other apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tenant_apps.notifications.models import Channel, Notification

Kind = Notification.Recipient


class Colleague(Protocol):
    """What is needed of a member of the team: `team.Member`, or those of its columns that a query has read."""

    @property
    def pk(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def user_id(self) -> UUID: ...


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
    def member(cls, member: Colleague) -> Recipient:
        return cls(Kind.MEMBER, member.pk, member.name or member.email, member.email, user_id=member.user_id)

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
