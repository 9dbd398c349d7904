"""SMS by Twilio. https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource"""

from __future__ import annotations

from django.conf import settings

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels import http
from tenant_apps.notifications.channels.base import Message

LONGEST = 480  # characters: three parts of an SMS; more costs more than it says


class SMS:
    hands_over = False

    def is_ready(self) -> bool:
        return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and settings.TWILIO_FROM)

    def send(self, message: Message, organization: Organization) -> str:
        account = settings.TWILIO_ACCOUNT_SID
        sender = "MessagingServiceSid" if settings.TWILIO_FROM.startswith("MG") else "From"
        answer = http.post(
            f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}/Messages.json",
            auth=(account, settings.TWILIO_AUTH_TOKEN),
            data={"To": message.to, sender: settings.TWILIO_FROM, "Body": message.body[:LONGEST]},
        )
        return str(answer.get("sid", ""))


ADAPTER = SMS()
