"""Through which channels somebody wants to be told: what they said of the event, of the channel, else the default."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.core.prepared import Given, any_of, prepared
from tenant_apps.notifications.events import AFTER_CONSENT, CLIENT_CHANNELS, MEMBER_CHANNELS, Event
from tenant_apps.notifications.models import Channel, Preference
from tenant_apps.notifications.recipients import Kind, Recipient


@prepared
def _said(people: Given) -> QuerySet[Preference, Any]:
    return Preference.objects.filter(any_of("recipient_id", people)).values_list(
        "recipient_id", "event", "channel", "wanted"
    )


@dataclass(frozen=True, slots=True)
class Wishes:
    """What these people have said: (who, event or "", channel) -> wanted."""

    said: dict[tuple[UUID, str, str], bool]

    @classmethod
    def of(cls, people: Collection[UUID]) -> Self:
        """One statement, however many they are."""
        said = _said(people=list(people))
        return cls({(who, event, channel): wanted for who, event, channel, wanted in said})

    def channels_for(self, event: Event, recipient: Recipient) -> list[Channel]:
        """The channels through which this person is told of it."""
        offered = MEMBER_CHANNELS if recipient.kind == Kind.MEMBER else CLIENT_CHANNELS
        return [channel for channel in offered if self.wants(event, recipient.kind, recipient.id, channel)]

    def wants(self, event: Event, kind: str, who: UUID, channel: Channel) -> bool:
        if kind == Kind.CLIENT:
            if not event.clients or self.said.get((who, "", channel)) is False:
                return False  # a client who said no to a channel said it for everything
            if channel in AFTER_CONSENT:
                return self.said.get((who, "", channel), False)
        elif not event.members:
            return False
        default = channel in (event.members if kind == Kind.MEMBER else event.clients)
        return self.said.get((who, event.key, channel), self.said.get((who, "", channel), default))
