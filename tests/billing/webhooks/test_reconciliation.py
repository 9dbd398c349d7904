"""What webhooks never said is found and set right; a clean state stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from billing import clock
from billing.gateways.base import CheckoutWanted, Payer, PriceWanted
from billing.invoices.models import Payment
from billing.subscriptions.models import Notice, Status, Subscription
from billing.webhooks import watchdog
from billing.webhooks.models import WebhookEvent
from billing.webhooks.reconciliation import reconcile
from shared_apps.accounts.models import User
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from tests.billing.factories import bought
from tests.billing.sandboxes import World

pytestmark = pytest.mark.django_db
Tell = Callable[..., None]


def kinds(dry_run: bool = False) -> list[str]:
    clock.forget()
    return [one.kind for one in reconcile(now=clock.now(), dry_run=dry_run)]


def test_edge_13_after_a_day_without_webhooks_all_is_set_right_once(
    acme: Organization, sandbox: World, tell: Tell
) -> None:
    subscription = bought(acme, sandbox)
    assert kinds() == ["differs"]
    subscription.refresh_from_db()
    assert (subscription.status, Payment.objects.count()) == (Status.ACTIVE, 1)
    before = subscription.transitions.count(), Notice.objects.count()
    tell(sandbox)  # the queue is released
    assert (subscription.transitions.count(), Notice.objects.count(), Payment.objects.count()) == (*before, 1)


def test_a_clean_state_is_left_alone(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox)
    subscription.refresh_from_db()
    before = subscription.transitions.count(), Payment.objects.count(), Mail.objects.count()
    assert kinds() == []
    assert kinds() == []
    assert (subscription.transitions.count(), Payment.objects.count(), Mail.objects.count()) == before


def test_a_dry_run_says_it_and_writes_nothing(acme: Organization, sandbox: World) -> None:
    bought(acme, sandbox)
    before = Subscription.objects.values().get()
    assert kinds(dry_run=True) == ["differs"]
    assert Subscription.objects.values().get() == before
    assert not Payment.objects.exists()
    assert kinds() == ["differs"]


def test_a_renewal_nobody_told_of_is_found(acme: Organization, sandbox: World, tell: Tell) -> None:
    bought(acme, sandbox)
    tell(sandbox)
    sandbox.move(months=1)
    assert kinds() == ["differs"]
    assert Payment.objects.count() == 2
    assert kinds() == []


def test_what_is_charged_there_and_ours_no_more_is_told(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox)
    Subscription.objects.filter(pk=subscription.pk).update(status=Status.CANCELED, ended_at=clock.now())
    assert kinds() == ["runs_on"]


def test_what_was_never_ours_is_told(acme: Organization, sandbox: World) -> None:
    gateway = sandbox.gateway
    customer = gateway.ensure_customer(Payer("x", "Nobody", "n@x.example"), key="customer:x")
    price = PriceWanted("", bought(acme, sandbox).price.amount, "BRL", "month")
    wanted = CheckoutWanted("k", "not-ours", "x", customer, price, None, "http://x.example/", "http://x.example/")
    sandbox.finish(gateway.open_checkout(wanted).url)
    assert sorted(kinds()) == ["differs", "unknown"]


def test_a_gateway_that_is_away_is_told_and_stops_nothing(acme: Organization, sandbox: World) -> None:
    bought(acme, sandbox)
    sandbox.sandbox.is_away = True
    assert kinds() == ["failed"]
    with pytest.raises(CommandError):
        call_command("billing", "reconcile")


def test_the_command_says_what_it_did(acme: Organization, sandbox: World, capsys: pytest.CaptureFixture[str]) -> None:
    bought(acme, sandbox)
    call_command("billing", "reconcile", "--dry-run")
    assert "1 would be set right" in capsys.readouterr().out
    call_command("billing", "reconcile")
    assert "1 set right" in capsys.readouterr().out


def test_the_watchdog_barks_once(sandbox: World, empty_cache: None) -> None:
    User.objects.create_superuser("owner@platform.example", "correct-horse-battery-7")
    bank = sandbox.sandbox.bank
    bank.store.save("event", {"id": "evt_1", "state": "given up", "type": "x", "created": "2026-01-01T00:00:00+00:00"})
    for _again in range(2):
        assert watchdog.watch(now=clock.now()) == {"sandbox": "1 events were given up"}
    assert Mail.objects.filter(template="billing/queue_stopped").count() == 1


def test_silence_is_noticed_when_something_happened(
    acme: Organization, sandbox: World, tell: Tell, empty_cache: None
) -> None:
    bought(acme, sandbox)
    assert watchdog.watch(now=clock.now()) == {}  # it may be on its way
    assert set(watchdog.watch(now=clock.now() + timedelta(hours=18))) == {"sandbox"}
    cache.clear()
    tell(sandbox)
    assert WebhookEvent.objects.exists()
    assert watchdog.watch(now=clock.now() + timedelta(hours=18)) == {}
