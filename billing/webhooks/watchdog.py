"""Noticing that webhooks do not come: a queue that was interrupted, or plain silence while things happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from billing.gateways.base import Gateway, GatewayAway, GatewayRefused
from billing.gateways.registry import ADAPTERS, NoGateway, get_gateway
from billing.webhooks import alerts
from billing.webhooks.models import WebhookEvent
from shared_apps.tenancy import context

SILENCE = timedelta(hours=24)
AGAIN = timedelta(hours=12)  # between two alerts about the same


def watch(*, now: datetime) -> dict[str, str]:
    """Ask every gateway that has keys; what is wrong with which. Alerts once in a while."""
    found: dict[str, str] = {}
    with context.public():
        for name in ADAPTERS:
            try:
                problem = _problem(get_gateway(name), now)
            except (NoGateway, GatewayAway):
                continue  # off, or away for now
            except GatewayRefused as error:
                problem = f"it refuses to be asked: {error.code}"
            if problem:
                found[name] = problem
                if cache.add(f"billing:watchdog:{name}", 1, int(AGAIN.total_seconds())):
                    alerts.queue_stopped(name, problem)
    return found


def _problem(gateway: Gateway, now: datetime) -> str:
    if said := gateway.queue_problem():
        return said
    since = now - SILENCE
    if WebhookEvent.objects.filter(gateway=gateway.name, received_at__gte=since).exists():
        return ""
    # Half of the time for a webhook that is on its way.
    before = set(gateway.changed_since(since)) - set(gateway.changed_since(now - SILENCE / 2))
    return "something changed there, and nothing was told for a day" if before else ""
