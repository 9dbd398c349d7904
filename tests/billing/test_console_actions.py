"""What staff do to a plan in the console: shown first, done once, written down, by the owners' own services."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import clock
from billing.invoices.models import Payment
from billing.plans.models import Price
from billing.subscriptions import services
from billing.subscriptions.models import Status, Subscription
from billing.subscriptions.sync import sync
from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.factories import bought
from tests.billing.gateways.worlds import Provider
from tests.billing.sandboxes import World
from tests.console.conftest import browser_of, protect

pytestmark = pytest.mark.usefixtures("empty_cache")
REASON = "as agreed by phone"


@pytest.fixture
def console(cast: object) -> Client:
    return browser_of(protect(User.objects.create_superuser("olga@colmeia.example", "correct-horse-battery")))


@pytest.fixture
def ours(acme: Organization, sandbox: World) -> Subscription:
    return sync(bought(acme, sandbox).pk, cause="test")


def act(console: Client, subscription: Subscription, name: str, **given: str) -> Any:
    path = f"/console/subscriptions/subscription/{subscription.pk}/act/{name}/"
    return console.post(path, {"reason": REASON, **given})


def kept(page: str) -> dict[str, str]:
    """What a preview sends along."""
    hidden = re.findall(r'<input type="hidden" name="(confirmed|at)" value="([^"]*)"', page)
    return {name: value.replace("&#x27;", "'") for name, value in hidden if value}


def shown_then_done(console: Client, subscription: Subscription, name: str, **given: str) -> str:
    """The words of the preview; what they said was done after it."""
    before = ConsoleAction.objects.count()
    page = act(console, subscription, name, **given)
    assert page.status_code == 200, page.content[:500]
    assert ConsoleAction.objects.count() == before
    words: str = page.content.decode()
    done = act(console, subscription, name, **given, **kept(words))
    assert done.status_code == 302, done.content.decode()[-3000:]
    assert ConsoleAction.objects.latest("at").reason == REASON
    return words


def test_a_plan_is_ended_and_taken_back(console: Client, ours: Subscription, sandbox: World) -> None:
    assert act(console, ours, "cancel", when="never").status_code == 422
    words = shown_then_done(console, ours, "cancel", when="end")
    assert "is not renewed" in words
    ours.refresh_from_db()
    assert (ours.status, ours.cancel_at) == ("active", ours.period_ends_at)
    assert act(console, ours, "resume").status_code == 302
    ours.refresh_from_db()
    assert ours.cancel_at is None
    other = act(console, ours, "cancel", when="now", **kept(words))  # what was shown was something else
    assert other.status_code == 200
    assert "ends now" in other.content.decode()
    ours.refresh_from_db()
    assert ours.cancel_at is None
    shown_then_done(console, ours, "cancel", when="now")
    ours.refresh_from_db()
    assert ours.status == Status.CANCELED
    assert [one["state"] for one in sandbox.sandbox.bank.store.all("subscription")] == ["canceled"]
    assert act(console, ours, "cancel", when="now", **kept(words)).status_code in (200, 422)


def test_a_plan_is_changed_for_the_sum_that_was_shown(
    console: Client, ours: Subscription, larger: Price, sandbox: World
) -> None:
    words = shown_then_done(console, ours, "change_plan", price=str(larger.pk))
    ours = Subscription.objects.get(pk=ours.pk)
    assert ours.price == larger
    difference = Payment.objects.exclude(amount=99).get().amount
    assert f"To pay now: R${difference}" in words
    again = act(console, ours, "change_plan", price=str(larger.pk), **kept(words))
    assert again.status_code == 422
    assert Payment.objects.count() == 2


def test_moved_to_another_gateway_it_is_never_charged_twice(
    console: Client, ours: Subscription, asaas: Provider, sandbox: World, acme: Organization, settings: Any
) -> None:
    settings.BILLING_GATEWAY = "sandbox"
    Organization.objects.filter(pk=acme.pk).update(document="11222333000181")
    assert act(console, ours, "switch_gateway", to="sandbox").status_code == 422
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    assert "is not linked to Stripe yet" in act(console, ours, "switch_gateway", to="stripe").content.decode()
    page = console.get(f"/console/subscriptions/subscription/{ours.pk}/act/switch_gateway/").content.decode()
    assert "See what it does" in page
    words = shown_then_done(console, ours, "switch_gateway", to="asaas")
    assert "nothing is charged before that day" in words
    follower = Subscription.objects.get(replaces=ours)
    assert (follower.gateway, follower.status) == ("asaas", "incomplete")
    told = Mail.objects.get(context__step="gateway_switch")
    assert told.context["pay_url"].startswith(asaas.server.url)
    assert act(console, ours, "switch_gateway", to="asaas", **kept(words)).status_code == 422

    assert PendingJob.objects.filter(name="subscriptions.end_at_gateway").exists()
    services.end_at_gateway(ours.pk)
    ours.refresh_from_db()
    assert (ours.status, ours.cancel_at) == ("active", ours.period_ends_at)

    sandbox.move(days=32)
    asaas.move(days=32)
    clock.forget()
    services.tick_due()
    assert asaas.finish(follower.external_id) == ""
    for one in (ours, follower):
        sync(one.pk, cause="test")
    ours.refresh_from_db()
    follower.refresh_from_db()
    assert (ours.status, follower.status) == ("canceled", "active")
    assert not Mail.objects.filter(context__step="canceled").exists(), "for them nothing has ended"
    assert sorted(Payment.objects.values_list("gateway", "amount")) == [
        ("asaas", Decimal(99)), ("sandbox", Decimal(99)),
    ]  # fmt: skip
    assert [one["state"] for one in sandbox.sandbox.bank.store.all("subscription")] == ["canceled"]
