"""WhatsApp Cloud API. A business writes first only with a template that Meta has approved: its name stands in the
organization's own text, and the event's variables fill its numbered gaps in their order (`events.py`).

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
"""

from __future__ import annotations

from django.conf import settings

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels import http
from tenant_apps.notifications.channels.base import Message, NotDelivered

LANGUAGES = {"pt-br": "pt_BR", "en": "en"}


class WhatsApp:
    hands_over = False

    def is_ready(self) -> bool:
        return bool(settings.WHATSAPP_TOKEN and settings.WHATSAPP_PHONE_ID)

    def send(self, message: Message, organization: Organization) -> str:
        if not message.template:
            raise NotDelivered("no approved WhatsApp template is named for this message", final=True)
        # Meta refuses an empty value, line breaks and runs of blanks.
        filled = [" ".join(message.values.get(name, "").split()) or "-" for name in message.variables]
        answer = http.post(
            f"{settings.WHATSAPP_API_URL}/{settings.WHATSAPP_PHONE_ID}/messages",
            headers={"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}"},
            json={
                "messaging_product": "whatsapp",
                "to": message.to.lstrip("+"),
                "type": "template",
                "template": {
                    "name": message.template,
                    "language": {"code": LANGUAGES.get(message.locale, "en")},
                    "components": [{"type": "body", "parameters": [{"type": "text", "text": text} for text in filled]}],
                },
            },
        )
        sent = answer.get("messages") or [{}]
        return str(sent[0].get("id", ""))


ADAPTER = WhatsApp()
