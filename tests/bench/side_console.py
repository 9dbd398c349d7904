"""What the owner's start page costs with thousands of organizations, asked of Colmeia's process."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.plans.models import Plan, Price
from billing.subscriptions.models import Subscription
from billing.webhooks.models import WebhookEvent
from shared_apps.accounts.models import User
from shared_apps.console import figures
from shared_apps.organizations.models import Organization, OrganizationFigures
from shared_apps.tenancy import context
from shared_apps.tenancy.models import JobRun
from tests.console.conftest import browser_of, protect

ROUNDS = 20
BATCH = 1000


def start_page(organizations: int) -> dict[str, float]:
    """Statements and seconds (median) of the page, and seconds of an hour's count. Leaves nothing behind."""
    with context.public(), transaction.atomic():
        _fill(organizations)
        began = time.perf_counter()
        figures.roll_up(now=timezone.now())
        counted = time.perf_counter() - began
        browser = browser_of(protect(User.objects.create_superuser("bench@platform.example", "correct-horse-battery")))
        browser.get("/console/")
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get("/console/")
        statements = len(captured)  # before the next request empties the log
        if answer.status_code != 200:
            raise AssertionError(answer.status_code)
        took = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            browser.get("/console/")
            took.append(time.perf_counter() - began)
        transaction.set_rollback(True)
    return {"statements": statements, "seconds": statistics.median(took), "counted": counted}


def _fill(number: int) -> None:
    now = timezone.now()
    plan = Plan.objects.create(code="bench", name="Bench")
    price = Price.objects.create(plan=plan, interval="month", currency="BRL", amount=Decimal("100"))
    made = Organization.objects.bulk_create(
        [
            Organization(slug=f"bench-{one}", name=f"Bench {one}", schema_name=f"org_bench_{one}", status="active")
            for one in range(number)
        ],
        batch_size=BATCH,
    )
    Subscription.objects.bulk_create(
        [Subscription(organization=one, price=price, status="active") for one in made], batch_size=BATCH
    )
    day = figures.day_of(now)
    OrganizationFigures.objects.bulk_create(
        [OrganizationFigures(organization=one, day=day, appointments=place) for place, one in enumerate(made)],
        batch_size=BATCH,
    )
    WebhookEvent.objects.bulk_create(
        [WebhookEvent(gateway="sandbox", event_id=str(uuid4()), kind="x", payload={}) for _one in made],
        batch_size=BATCH,
    )
    late = timedelta(seconds=5)
    JobRun.objects.bulk_create(
        [
            JobRun(
                schema_name=one.schema_name, organization_id=one.pk, job="bench", slot=now, state="done",
                started_at=now, lateness=late,
            )
            for one in made
        ],
        batch_size=BATCH,
    )  # fmt: skip
