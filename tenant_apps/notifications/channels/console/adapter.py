"""Development: what would go out by WhatsApp or SMS is written into the log instead."""

from __future__ import annotations

import structlog

from shared_apps.organizations.models import Organization
from tenant_apps.notifications.channels.base import Message

logger = structlog.get_logger(__name__)


class Console:
    hands_over = True

    def is_ready(self) -> bool:
        return True

    def send(self, message: Message, organization: Organization) -> str:
        logger.info("notification_printed", firm=organization.slug, text=message.body)
        return "console"


ADAPTER = Console()
