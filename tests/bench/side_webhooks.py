"""What the process of the webhooks' measurement does: a sandbox with purchases, stored events, and bare rows."""

from __future__ import annotations

import time
from contextlib import ExitStack
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from billing.gateways.models import OutboundIntent
from billing.gateways.sandbox.server.app import Sandbox, serving
from billing.plans.models import Plan, Price
from billing.subscriptions.models import Subscription
from billing.webhooks import working
from billing.webhooks.models import WebhookEvent
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.bench.ours_webhooks import row
from tests.billing.factories import bought
from tests.billing.sandboxes import World

context.choose(context.Active(context.PUBLIC))
_open = ExitStack()


def setup(organizations: int) -> None:
    """Paying organizations, as their gateway and we know them."""
    call_command("migrate", verbosity=0)
    plan = Plan.objects.create(code="pro", name="Pro")
    Price.objects.create(plan=plan, amount=Decimal("99.00"), currency="BRL", interval="month")
    port = int(settings.SANDBOX_URL.rpartition(":")[2])
    sandbox = _open.enter_context(serving(Sandbox(secret=settings.SANDBOX_SECRET), port=port, delivers=False))
    made = Organization.objects.bulk_create(
        Organization(slug=f"w{number}", name=f"W{number}", schema_name=f"org_w{number}")
        for number in range(organizations)
    )
    for one in made:
        bought(one, World(sandbox), key=f"checkout:{one.slug}")


def finish() -> None:
    """Stop serving: left to the interpreter's end, it would wait for threads that run no more."""
    _open.close()


def references() -> list[str]:
    return [str(pk) for pk in Subscription.objects.values_list("pk", flat=True)]


def store(events: int) -> None:
    """So many events, each organization's turn in turn, waiting to be worked off."""
    WebhookEvent.objects.all().delete()
    known = references()
    WebhookEvent.objects.bulk_create(
        (
            WebhookEvent(
                gateway="sandbox", event_id=f"evt_{number}", kind="invoice.paid", payload={"id": f"evt_{number}"},
                subject=known[number % len(known)], reference=known[number % len(known)],
            )
            for number in range(events)
        ),
        batch_size=1000,
    )  # fmt: skip
    WebhookEvent.objects.update(received_at="2020-01-01T00:00Z")


def drain(patience: float) -> float:
    """Seconds from the bell until the last one is done."""
    start = time.perf_counter()
    working.sweep(timezone.now())
    while WebhookEvent.objects.exclude(state="done").exists():
        if time.perf_counter() - start > patience:
            raise TimeoutError("events are left")
        time.sleep(0.02)
    return time.perf_counter() - start


def bare(rows: int, patience: float) -> float:
    """Seconds for so many tasks that write one row each."""
    OutboundIntent.objects.filter(purpose="bench").delete()
    start = time.perf_counter()
    for number in range(rows):
        row.delay(number)
    while OutboundIntent.objects.filter(purpose="bench").count() < rows:
        if time.perf_counter() - start > patience:
            raise TimeoutError("rows are missing")
        time.sleep(0.02)
    return time.perf_counter() - start
