"""What the clock does: rows whose moment has come are looked at again, however late, however often."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from structlog import get_logger

from billing import clock
from billing.gateways.base import GatewayAway, GatewayRefused
from billing.gateways.registry import NoGateway
from billing.subscriptions.models import Subscription
from billing.subscriptions.sync import sync, touch
from shared_apps.tenancy import context

logger = get_logger(__name__)
AT_ONCE = 500


def tick_due(now: datetime | None = None, limit: int = AT_ONCE) -> int:
    """Look at all that are due, each in a transaction of its own; how many."""
    now = now or clock.now()
    with context.public():
        due = Subscription.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:limit]
        done = [pk for pk in due if tick(pk, now=now)]
    return len(done)


def tick(subscription_id: UUID, *, now: datetime | None = None) -> Subscription:
    """Ask the gateway, then the clock; the clock alone when the gateway does not answer: timers are ours."""
    now = now or clock.now()
    try:
        return sync(subscription_id, cause="clock", now=now)
    except (GatewayAway, GatewayRefused, NoGateway) as error:
        logger.warning("clock_without_gateway", subscription=str(subscription_id), error=repr(error))
        return touch(subscription_id, cause="clock", now=now)
