"""What reconciliation cannot set right is told once, listed in the console, and closed when it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from billing import clock
from billing.gateways.base import GatewayState, InvoiceState
from billing.gateways.sandbox.server import invoices
from billing.plans.models import GatewayPrice
from billing.subscriptions import uncharged
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.states import Charge, Facts
from billing.subscriptions.sync import sync
from billing.webhooks.models import Discrepancy
from billing.webhooks.reconciliation import reconcile
from shared_apps.accounts.models import User
from shared_apps.console import figures
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from tests.billing.factories import a_price, bought
from tests.billing.gateway import PRICE, day
from tests.billing.gateways import worlds
from tests.billing.sandboxes import World
from tests.console.conftest import browser_of, protect


def charge(state: InvoiceState) -> Charge:
    return Charge(state, PRICE, day(29), period_starts_at=day(30), period_ends_at=day(60))


@pytest.fixture
def olga(cast: object) -> User:
    return protect(User.objects.create_superuser("olga@colmeia.example", "correct-horse-battery", name="Olga"))


@pytest.fixture
def running(acme: Organization, sandbox: World) -> Subscription:
    """Bought by PIX, paid, and known to us."""
    ours = bought(acme, sandbox, method="pix")
    sandbox.pay(sandbox.sandbox.bank.store.all("invoice")[0]["id"])
    return sync(ours.pk, cause="test")


def kinds(*, dry_run: bool = False) -> set[str]:
    clock.forget()
    return {one.kind for one in reconcile(now=clock.now(), dry_run=dry_run)}


def delete_next_charge(sandbox: World) -> None:
    """By hand, in the gateway's panel, before it is due."""
    sandbox.move(days=27)
    bank = sandbox.sandbox.bank
    invoices.withdraw(bank, bank.store.all("invoice")[-1])
    sandbox.move(days=8)


def test_edge_32_a_period_without_a_charge_is_told_once_and_costs_no_access(
    running: Subscription, sandbox: World, olga: User
) -> None:
    assert kinds() <= {"differs"}
    delete_next_charge(sandbox)
    assert kinds(dry_run=True) == {"differs", "uncharged"}
    assert not Discrepancy.objects.exists()
    for _night in range(2):
        assert "uncharged" in kinds()
    running.refresh_from_db()
    found = Discrepancy.objects.get()
    assert (running.status, found.kind, found.organization_id) == (Status.ACTIVE, "uncharged", running.organization_id)
    told = Mail.objects.get(template="billing/discrepancies")
    assert told.to == olga.email
    assert running.external_id in told.context["lines"]

    console: Client = browser_of(olga)
    assert running.external_id in console.get("/console/webhooks/discrepancy/?gone_at__isempty=1").content.decode()
    figures.roll_up(now=clock.now())
    assert "To look at: 1" in console.get("/console/").content.decode()

    sandbox.move(days=25)  # the next period is charged
    assert "uncharged" not in kinds()
    found.refresh_from_db()
    assert found.gone_at is not None


@pytest.mark.parametrize(
    ("changes", "is_missed"),
    [
        ({}, True),
        ({"charges": (charge(InvoiceState.OPEN),)}, False),
        ({"charges": (charge(InvoiceState.VOID),)}, True),
        ({"status": Status.TRIALING}, False),
        ({"status": Status.SUSPENDED}, False),
        ({"cancel_at": day(32)}, False),
        ({"gateway_state": GatewayState.PAUSED}, False),
        ({"trial_ends_at": day(31)}, False),
        ({"created_at": day(31)}, False),
    ],
)
def test_what_counts_as_missed(changes: dict[str, Any], is_missed: bool) -> None:
    facts = Facts(Status.ACTIVE, day(0), gateway_state=GatewayState.RUNNING)
    facts = replace(facts, **changes)
    assert (uncharged.since(facts, day(32)) is not None) is is_missed


def test_a_gateway_that_is_away_closes_nothing(running: Subscription, sandbox: World) -> None:
    delete_next_charge(sandbox)
    kinds()
    sandbox.sandbox.is_away = True
    assert kinds() == {"failed"}
    assert set(Discrepancy.objects.filter(gone_at=None).values_list("kind", flat=True)) == {"uncharged", "failed"}


def test_edge_20_a_price_that_is_not_ours_is_told_until_it_is(acme: Organization, settings: Any) -> None:
    with worlds.stripe(settings) as stripe:
        ours = Subscription.objects.create(organization=acme, price=a_price(), gateway="stripe", status=Status.ACTIVE)
        Subscription.objects.filter(pk=ours.pk).update(external_id=stripe.subscribed(reference=str(ours.pk)).id)
        assert "price" in kinds()
        found = Discrepancy.objects.get(kind="price")
        assert (found.organization_id, found.what, found.gone_at) == (acme.pk, "charges for price_pro", None)

        GatewayPrice.objects.create(price=ours.price, gateway="stripe", external_id="price_pro")
        assert "price" not in kinds()
        found.refresh_from_db()
        assert found.gone_at is not None
