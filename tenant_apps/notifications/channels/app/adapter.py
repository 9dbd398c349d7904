"""In the app: the row itself is the message, so there is nothing to send."""

from __future__ import annotations

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels.base import Message


class InApp:
    hands_over = True

    def is_ready(self) -> bool:
        return True

    def send(self, message: Message, organization: Organization) -> str:
        return ""


ADAPTER = InApp()
