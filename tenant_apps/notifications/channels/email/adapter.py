"""E-mail, handed over to `shared_apps.mail`, which sends it after the commit and tries again where a server is away."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from shared_apps.mail import services as mail
from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels.base import NONE_NEEDED, NOTIFICATION, Keys, Message, NotDelivered

TEMPLATE = "notifications/message"


class EMail:
    hands_over = True

    def platform_keys(self) -> Keys | None:
        return NONE_NEEDED

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        paragraphs = [block.split("\n") for block in message.body.split("\n\n") if block.strip()]
        to, locale = message.to, message.locale
        context = {
            "subject": message.subject,
            "body": message.body,
            "paragraphs": paragraphs,
            "link": message.link,
            "stop": message.stop,
            "for_client": message.for_client,
            "firm": organization.name,
            NOTIFICATION: str(message.id),
        }
        try:
            sent = mail.send(
                TEMPLATE, to=to, locale=locale, organization=organization, context=context,
                unsubscribe=message.one_click,
            )  # fmt: skip
        except ValidationError:
            raise NotDelivered("this is no e-mail address", final=True) from None
        return str(sent.pk)


ADAPTER = EMail()
