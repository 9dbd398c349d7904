"""From a row to the words that go out: the organization's own text or the built-in one, in the reader's language."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings

from shared_apps.core import formats
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from tenant_apps.notifications import channels, consents, events, texts
from tenant_apps.notifications.channels.base import Message, NotDelivered
from tenant_apps.notifications.models import Channel, Notification, Template
from tenant_apps.notifications.recipients import Kind
from tenant_apps.notifications.rendering import render
from tenant_apps.notifications.services.keys import own_keys
from tenant_apps.notifications.values import written


class Composer:
    """Writes the messages of the organization that is active; what they share is read once."""

    @cached_property
    def organization(self) -> Organization:
        return current.row()

    @cached_property
    def address(self) -> str:
        """The organization's own address, without a slash at the end."""
        return current.address()

    @cached_property
    def templates(self) -> dict[tuple[str, str, str], Template]:
        return {(row.event, row.channel, row.locale): row for row in Template.objects.all()}

    @cached_property
    def _own_keys(self) -> channels.Own:
        return own_keys()

    def carrier(self, channel: Channel) -> channels.Carrier | None:
        """Who takes this organization's messages of a channel, and with whose keys."""
        return channels.carrier(channel, self._own_keys if channels.keyed(channel) else {})

    def message(self, notification: Notification) -> Message:
        """Raises NotDelivered for an event that this code does not know."""
        if notification.event not in events.EVENTS:
            raise NotDelivered("nobody knows this event", final=True)
        locale = formats.known_locale(notification.locale or self.organization.locale) or settings.LANGUAGE_CODE
        with formats.reading(locale=locale, zone=self.organization.timezone):
            link = notification.url if "://" in notification.url else ""
            if notification.url.startswith("/"):
                link = f"{self.address}{notification.url}"
            values = written(notification.values) | {"firm": self.organization.name, "link": link}
            own = None
            if notification.recipient_type == Kind.CLIENT:
                own = self.templates.get((notification.event, notification.channel, locale))
            subject, body = (own.subject, own.body) if own else builtin(notification)
            return Message(
                id=notification.pk,
                to=notification.address,
                locale=locale,
                subject=" ".join(render(str(subject), values).split()),
                body=render(str(body), values),
                link=link,
                values=values,
                template=own.provider_name if own else "",
                variables=events.event(notification.event).variables,
                for_client=notification.recipient_type == Kind.CLIENT,
                stop=self._stop(notification),
                one_click=self._one_click(notification),
            )

    def _stop(self, notification: Notification) -> str:
        """Where the reader says that they want no more of these."""
        if notification.recipient_type == Kind.MEMBER:
            return f"{self.address}/notifications/preferences/"
        return f"{self.address}{consents.path(notification.recipient_id, Channel(notification.channel))}"

    def _one_click(self, notification: Notification) -> str:
        """Members choose what they are told on a page of their own, signed in."""
        if notification.recipient_type != Kind.CLIENT or notification.channel != Channel.EMAIL:
            return ""
        return f"{self.address}{consents.one_click_path(notification.recipient_id, Channel.EMAIL)}"


def builtin(notification: Notification) -> texts.Text:
    """Our own words, in the active language."""
    return builtin_for(notification.event, notification.channel, notification.recipient_type)


def in_language(event: str, channel: str, locale: str) -> tuple[str, str]:
    """The built-in words for clients in a language: subject and body."""
    with formats.reading(locale=locale):
        subject, body = builtin_for(event, channel, Kind.CLIENT)
        return str(subject), str(body)


def builtin_for(event: str, channel: str, kind: str) -> texts.Text:
    if kind == Kind.MEMBER:
        return texts.MEMBERS[event]
    return texts.EMAILS[event] if channel == Channel.EMAIL else ("", texts.SHORT[event])
