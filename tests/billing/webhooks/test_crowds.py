"""Many at once: deliveries of one event, and hundreds of events of many organizations."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from billing.gateways import signatures
from billing.subscriptions.models import Status, Subscription
from billing.webhooks import working
from billing.webhooks.models import WebhookEvent
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.billing.factories import a_price, bought
from tests.billing.sandboxes import SECRET, World
from tests.billing.webhooks.conftest import Ring

pytestmark = pytest.mark.django_db(transaction=True)
State = WebhookEvent.State
ORGANIZATIONS, EACH = 50, 10


def signed(payload: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(payload).encode()
    return body, {"Sandbox-Signature": signatures.sign(body, SECRET, at=int(time.time()))}


def test_edge_02_four_deliveries_at_the_same_moment(acme: Organization, sandbox: World, ring: Ring) -> None:
    subscription = bought(acme, sandbox)
    paid = next((body, headers) for type, body, headers in sandbox.events() if type == "invoice.paid")

    def deliver(_number: int) -> int:
        try:
            return ring(*paid).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(deliver, range(4))) == [200] * 4
    event = WebhookEvent.objects.get()

    def work(_number: int) -> int:
        try:
            with context.public():
                return working.work(event.gateway, event.subject)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    subscription.refresh_from_db()
    assert subscription.status == Status.ACTIVE
    assert subscription.transitions.filter(to_status=Status.ACTIVE).count() == 1


def at_once(threads: int, do: Callable[[Any], int], what: list[Any]) -> list[int]:
    """As processes do that serve: each on the one connection it keeps, one after the other."""

    def share(number: int) -> list[int]:
        try:
            return [do(one) for one in what[number::threads]]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [done for shared in pool.map(share, range(threads)) for done in shared]


def test_five_hundred_at_once_for_fifty_organizations(sandbox: World, ring: Ring, cast: object) -> None:
    price = a_price()
    organizations = Organization.objects.bulk_create(
        Organization(slug=f"crowd-{number}", name=f"Crowd {number}", schema_name=f"org_crowd_{number}")
        for number in range(ORGANIZATIONS)
    )
    owned = {one: bought(one, sandbox, key=f"checkout:{one.slug}") for one in organizations}
    bodies = [
        signed(
            {
                "id": f"evt_{number}_{subscription.pk}", "type": "invoice.paid",
                "created": "2026-11-28T12:00:00+00:00",
                "data": {"object": {"id": "inv_x", "kind": "invoice", "reference": str(subscription.pk)}},
            }
        )
        for number in range(EACH)
        for subscription in owned.values()
    ]  # fmt: skip
    assert price.subscriptions.count() == ORGANIZATIONS

    assert set(at_once(8, lambda what: ring(*what).status_code, bodies)) == {200}
    assert WebhookEvent.objects.count() == ORGANIZATIONS * EACH
    subjects = list(WebhookEvent.objects.values_list("gateway", "subject"))

    assert sum(at_once(4, lambda which: working.work(*which), subjects)) == ORGANIZATIONS * EACH
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {State.DONE}
    assert set(Subscription.objects.values_list("status", flat=True)) == {Status.ACTIVE}
    for organization in organizations:
        events = WebhookEvent.objects.filter(organization=organization).order_by("received_at", "id")
        done = [one.done_at for one in events if one.done_at]
        assert len(done) == EACH
        assert done == sorted(done)  # none overtook an earlier one
