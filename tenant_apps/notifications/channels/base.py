"""What every channel is given and must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import UUID

from shared_apps.organizations.models import Organization

NOTIFICATION = "notification"  # in what is handed over: the message that it carries


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out, in the reader's words. `stop` leads to where they say that they want no more."""

    id: UUID
    to: str
    locale: str
    subject: str
    body: str
    link: str
    stop: str
    one_click: str  # where a POST alone says so, for a reader's mail program; empty: nowhere
    for_client: bool
    values: Mapping[str, str]
    variables: tuple[str, ...] = ()  # of the event, in order: what a provider's own template numbers
    template: str = ""  # the name of the provider's own


@dataclass(frozen=True, slots=True)
class Keys:
    """With what a provider lets somebody send: the account, its secret, and whence messages come."""

    account: str = ""
    sender: str = ""
    secret: str = field(default="", repr=False)


NONE_NEEDED = Keys()


class NotDelivered(Exception):
    """The provider did not take the message. `final`: it never will, so there is no use in trying again."""

    def __init__(self, reason: str, *, final: bool) -> None:
        self.final = final
        super().__init__(reason)


class Adapter(Protocol):
    """Carries messages of one channel. `hands_over`: sending only writes a row in this database."""

    hands_over: bool

    def platform_keys(self) -> Keys | None:
        """What the platform's settings hold for it: NONE_NEEDED where it needs none, None where they are not there."""

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        """The provider's name for the message. Raises NotDelivered, nothing else."""


@runtime_checkable
class Keyed(Adapter, Protocol):
    """A channel for which an organization may bring keys of its own."""

    def wrong(self, keys: Keys) -> str:
        """The field of Keys that cannot be right; empty: they look well."""

    def check(self, keys: Keys) -> str:
        """Ask the provider who they belong to, without sending anything. Raises NotDelivered."""
