"""Development: what would go out by WhatsApp or SMS is written into the log instead."""

from __future__ import annotations

import structlog

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels.base import NONE_NEEDED, Keys, Message

logger = structlog.get_logger(__name__)


class Console:
    hands_over = True

    def platform_keys(self) -> Keys | None:
        return NONE_NEEDED

    def send(self, message: Message, organization: Organization, keys: Keys) -> str:
        logger.info("notification_printed", firm=organization.slug, text=message.body)
        return "console"


ADAPTER = Console()
