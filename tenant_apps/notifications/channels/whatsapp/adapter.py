"""WhatsApp Cloud API. A business writes first only with a template that Meta has approved: its name stands in the
organization's own text, and the event's variables fill its numbered gaps in their order (`events.py`).

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers
"""

from __future__ import annotations

import re

from django.conf import settings

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels import http
from tenant_apps.notifications.channels.base import Keys, Message, NotDelivered

_SENDER = re.compile(r"[0-9]{5,20}")  # the id of a phone number, not the number
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,500}")
LANGUAGES = {"pt-br": "pt_BR", "en": "en"}


class WhatsApp:
    hands_over = False

    def platform_keys(self) -> Keys | None:
        keys = Keys(sender=settings.WHATSAPP_PHONE_ID, secret=settings.WHATSAPP_TOKEN)
        return keys if keys.sender and keys.secret else None

    def wrong(self, keys: Keys) -> str:
        looks = {"sender": _SENDER, "secret": _SECRET}
        return next((name for name, look in looks.items() if not look.fullmatch(getattr(keys, name))), "")

    def check(self, keys: Keys) -> str:
        answer = http.get(
            f"{settings.WHATSAPP_API_URL}/{keys.sender}",
            headers={"Authorization": f"Bearer {keys.secret}"},
            params={"fields": "display_phone_number,verified_name"},
        )
        named = (str(answer.get(name) or "") for name in ("verified_name", "display_phone_number"))
        return " · ".join(filter(None, named))

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        if not message.template:
            raise NotDelivered("no approved WhatsApp template is named for this message", final=True)
        # Meta refuses an empty value, line breaks and runs of blanks.
        filled = [" ".join(message.values.get(name, "").split()) or "-" for name in message.variables]
        answer = http.post(
            f"{settings.WHATSAPP_API_URL}/{keys.sender}/messages",
            headers={"Authorization": f"Bearer {keys.secret}"},
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
