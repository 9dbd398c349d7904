"""In the app: the row itself is the message, so there is nothing to send."""

from __future__ import annotations

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels.base import NONE_NEEDED, Keys, Message


class InApp:
    hands_over = True

    def platform_keys(self) -> Keys | None:
        return NONE_NEEDED

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        return ""


ADAPTER = InApp()
