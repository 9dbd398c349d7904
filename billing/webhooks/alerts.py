"""Telling the platform's own people: an error in the log, and a mail to whoever may open the console."""

from __future__ import annotations

from django.conf import settings
from structlog import get_logger

from billing.webhooks.models import WebhookEvent
from shared_apps.accounts.models import User
from shared_apps.mail import services as mail

logger = get_logger(__name__)


def dead_letter(event: WebhookEvent, error: str) -> None:
    """An event was given up."""
    logger.error("webhook_dead", gateway=event.gateway, event_id=event.event_id, kind=event.kind, error=error[:200])
    tell("billing/dead_letter", gateway=event.gateway, event_id=event.event_id, kind=event.kind, error=error[:500])


def queue_stopped(gateway: str, problem: str) -> None:
    """A gateway's webhooks do not come, or may not."""
    logger.error("webhook_queue_stopped", gateway=gateway, problem=problem)
    tell("billing/queue_stopped", gateway=gateway, problem=problem[:500])


def discrepancies(lines: list[str]) -> None:
    """Reconciliation found what it cannot set right."""
    logger.error("reconciliation_needs_somebody", found=lines)
    tell("billing/discrepancies", lines="\n".join(lines))


def tell(template: str, **context: str) -> None:
    for person in User.objects.filter(is_staff=True, is_active=True).exclude(email=""):
        locale = person.locale or settings.LANGUAGE_CODE
        mail.send(template, to=person.email, locale=locale, context=context)
