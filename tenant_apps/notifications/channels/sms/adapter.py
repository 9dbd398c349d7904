"""SMS by Twilio.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource
"""

from __future__ import annotations

import re

from django.conf import settings

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels import http
from tenant_apps.notifications.channels.base import Keys, Message, NotDelivered

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_SENDER = re.compile(r"\+[1-9][0-9]{7,14}|MG[0-9a-f]{32}")
_SECRET = re.compile(r"[0-9a-f]{32}")
LONGEST = 480  # characters: three parts of an SMS; more costs more than it says


class SMS:
    hands_over = False

    def platform_keys(self) -> Keys | None:
        keys = Keys(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_FROM, settings.TWILIO_AUTH_TOKEN)
        return keys if keys.account and keys.sender and keys.secret else None

    def wrong(self, keys: Keys) -> str:
        looks = {"account": _ACCOUNT, "sender": _SENDER, "secret": _SECRET}
        return next((name for name, look in looks.items() if not look.fullmatch(getattr(keys, name))), "")

    def check(self, keys: Keys) -> str:
        answer = http.get(f"{self._account(keys)}.json", auth=(keys.account, keys.secret))
        if answer.get("status") != "active":
            raise NotDelivered(f"the account is {answer.get('status')}", final=True)
        return str(answer.get("friendly_name", ""))

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        sender = "MessagingServiceSid" if keys.sender.startswith("MG") else "From"
        answer = http.post(
            f"{self._account(keys)}/Messages.json",
            auth=(keys.account, keys.secret),
            data={"To": message.to, sender: keys.sender, "Body": message.body[:LONGEST]},
        )
        return str(answer.get("sid", ""))

    def _account(self, keys: Keys) -> str:
        return f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{keys.account}"


ADAPTER = SMS()
