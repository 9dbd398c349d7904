"""What every channel is given and must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared_apps.organizations.models import Organization


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
    for_client: bool
    values: Mapping[str, str]
    variables: tuple[str, ...] = ()  # of the event, in order: what a provider's own template numbers
    template: str = ""  # the name of the provider's own


class NotDelivered(Exception):
    """The provider did not take the message. `final`: it never will, so there is no use in trying again."""

    def __init__(self, reason: str, *, final: bool) -> None:
        self.final = final
        super().__init__(reason)


class Adapter(Protocol):
    """Carries messages of one channel. `hands_over`: sending only writes a row in this database."""

    hands_over: bool

    def is_ready(self) -> bool:
        """Whether it has what it needs: keys, an account."""

    def send(self, message: Message, organization: Organization) -> str:
        """The provider's name for the message. Raises NotDelivered, nothing else."""
