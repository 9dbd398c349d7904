"""Billing in the console: prices are replaced, limits overridden, trials extended; and what comes next is foretold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.gateways.base import GatewayState, InvoiceState
from billing.invoices.models import Invoice
from billing.plans.models import Coupon, EntitlementOverride, Plan, PlanEntitlement, Price
from billing.subscriptions.forecast import forecast
from billing.subscriptions.models import Status, Subscription, SubscriptionTransition
from billing.subscriptions.states import Charge, Facts
from billing.subscriptions.sync import sync
from billing.webhooks.models import WebhookEvent
from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.organizations.models import Organization
from tests.billing.factories import bought
from tests.billing.sandboxes import SECRET, World, a_sandbox
from tests.console.test_staff import counts

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REASON = {"reason": "as agreed by phone"}


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(code="pro", name="Pro")


@pytest.fixture
def price(plan: Plan) -> Price:
    return Price.objects.create(plan=plan, interval="month", currency="BRL", amount=Decimal("100"))


@pytest.fixture
def trial(price: Price, acme: Organization) -> Subscription:
    ends = timezone.now() + timedelta(days=3)
    return Subscription.objects.create(organization=acme, price=price, status=Status.TRIALING, trial_ends_at=ends)


def days_ahead(facts: Facts) -> list[tuple[int, str, bool]]:
    return [((step.at - NOW).days, step.status.value, step.is_charge) for step in forecast(facts, NOW)]


class TestWhatComesNext:
    def test_a_trial_that_nobody_pays(self) -> None:
        trial = Facts(Status.TRIALING, NOW - timedelta(days=4), trial_ends_at=NOW + timedelta(days=10))
        assert days_ahead(trial) == [(0, "trialing", False), (10, "suspended", False), (50, "canceled", False)]

    def test_one_that_is_paid_is_charged_again(self) -> None:
        ends = NOW + timedelta(days=12)
        paid = Charge(InvoiceState.PAID, Decimal(10), NOW, period_starts_at=NOW, period_ends_at=ends)
        facts = Facts(Status.ACTIVE, NOW, gateway_state=GatewayState.RUNNING, charges=(paid,), period_ends_at=ends)
        assert days_ahead(facts) == [(0, "active", False), (12, "active", True)]

    def test_a_failed_payment_goes_through_every_step(self) -> None:
        failed = Charge(InvoiceState.FAILED, Decimal(10), NOW, failed_at=NOW)
        facts = Facts(Status.ACTIVE, NOW - timedelta(days=90), gateway_state=GatewayState.PAST_DUE, charges=(failed,))
        steps = [(day, status) for day, status, _charge in days_ahead(facts)]
        assert steps == [(0, "past_due"), (3, "grace"), (10, "suspended"), (40, "canceled")]

    def test_what_is_over_stays_over(self) -> None:
        assert days_ahead(Facts(Status.CANCELED, NOW, ended_at=NOW)) == [(0, "canceled", False)]


def test_a_subscription_is_told_in_words(console: Client, trial: Subscription) -> None:
    page = console.get(f"/console/subscriptions/subscription/{trial.pk}/change/", headers={"accept-language": "pt-br"})
    words = page.content.decode()
    assert [name for name in ("Has method", "Next seats", "Next price", "Replaces") if name in words] == []


def act(console: Client, path: str, **given: str) -> int:
    return console.post(f"/console/{path}/", {**REASON, **given}).status_code


@pytest.mark.parametrize(
    "given",
    [
        {"amount": "-1"}, {"amount": "x"}, {"amount": "1.999"}, {"amount": "99999999999"}, {"interval": "week"},
        {"currency": "EUR"}, {"trial_days": "-1"}, {"trial_days": "999"}, {"reason": ""},
    ],
)  # fmt: skip
def test_a_price_typed_wrong(given: dict[str, str], console: Client, plan: Plan) -> None:
    good = {"interval": "month", "currency": "BRL", "amount": "10", "trial_days": "0"}
    assert act(console, f"plans/plan/{plan.pk}/act/new_price", **{**good, **given}) == 422
    assert not Price.objects.exists()


def test_a_new_price_retires_the_old_and_changes_no_subscription(
    console: Client, price: Price, trial: Subscription
) -> None:
    path = f"plans/plan/{price.plan_id}/act/new_price"
    assert act(console, path, interval="month", currency="BRL", amount="129.90", trial_days="14") == 302
    price.refresh_from_db()
    trial.refresh_from_db()
    assert price.retired_at is not None
    assert price.amount == Decimal("100")
    assert trial.price_id == price.pk
    assert Price.objects.get(retired_at=None).amount == Decimal("129.90")
    assert console.post(f"/console/plans/price/{price.pk}/change/", {"amount": "1"}).status_code == 403
    sold = Price.objects.get(retired_at=None)
    assert act(console, f"plans/price/{sold.pk}/act/retire") == 302
    assert not Price.objects.filter(retired_at=None).exists()


def test_a_price_is_linked_to_what_a_gateway_calls_it(console: Client, price: Price, settings: Any) -> None:
    path = f"plans/price/{price.pk}/act/link"
    assert act(console, path, gateway="stripe", external_id="price_1") == 422  # is not set up here
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    assert act(console, path, gateway="stripe", external_id="price_1") == 302
    assert "price_1" in console.get(f"/console/plans/price/{price.pk}/change/").content.decode()
    year = Price.objects.create(plan=price.plan, interval="year", currency="BRL", amount=Decimal("900"))
    assert act(console, f"plans/price/{year.pk}/act/link", gateway="stripe", external_id="price_1") == 422


def test_a_plan_is_edited_with_what_it_allows(console: Client, plan: Plan) -> None:
    path = f"/console/plans/plan/{plan.pk}/change/"
    form = {"name": "Pro +", "summary": "", "position": "1", "is_offered": "on", "grace_after": "3"}
    form |= {"suspend_after": "10", "cancel_after": "40", **counts(console, path)}
    prefix = next(name for name in form if name.endswith("-TOTAL_FORMS") and "entitlement" in name).partition("-")[0]
    limit = {f"{prefix}-0-feature": "clients", f"{prefix}-0-amount": "50", f"{prefix}-TOTAL_FORMS": "1"}
    answer = console.post(path, {**form, **limit})
    assert answer.status_code == 302, answer.content[:500]
    assert PlanEntitlement.objects.get(plan=plan).amount == 50
    assert Plan.objects.get().name == "Pro +"


@pytest.mark.parametrize("form", [{"grace_after": "20", "suspend_after": "10"}, {"cancel_after": "-1"}, {"name": ""}])
def test_a_plan_typed_wrong(form: dict[str, str], console: Client, plan: Plan) -> None:
    path = f"/console/plans/plan/{plan.pk}/change/"
    good = {"name": "Pro", "position": "1", "grace_after": "3", "suspend_after": "10", "cancel_after": "40"}
    assert console.post(path, {**good, **counts(console, path), **form}).status_code == 200
    plan.refresh_from_db()
    assert (plan.grace_after, plan.suspend_after) == (3, 10)


def test_a_coupon_takes_off_a_percentage_or_an_amount(console: Client) -> None:
    path = "/console/plans/coupon/add/"
    for wrong in ({"percent": "10", "amount": "5"}, {}, {"percent": "0"}, {"percent": "101"}, {"amount": "-5"}):
        assert console.post(path, {"code": "welcome", **wrong}).status_code == 200, wrong
    assert console.post(path, {"code": "welcome", "percent": "10"}).status_code == 302
    assert Coupon.objects.get().code == "WELCOME"


def test_limits_are_overridden_until_a_day(console: Client, acme: Organization, olga: User) -> None:
    path = f"organizations/organization/{acme.pk}/act/override_limit"
    for wrong in ({"feature": "nothing", "amount": "1"}, {"feature": "clients", "amount": "-1"}, {"amount": "1"}):
        assert act(console, path, **wrong) == 422
    assert act(console, path, feature="clients", amount="500", days="30") == 302
    made = EntitlementOverride.objects.get()
    assert (made.organization, made.amount, made.unlimited, made.by) == (acme, 500, False, olga)
    assert made.until is not None
    assert act(console, path, feature="clients", amount="") == 302
    made = EntitlementOverride.objects.get()
    assert (made.amount, made.unlimited, made.until) == (None, True, None)
    assert act(console, f"plans/entitlementoverride/{made.pk}/act/end") == 302
    assert not EntitlementOverride.objects.exists()
    assert ConsoleAction.objects.count() == 3


def test_a_trial_is_extended(console: Client, trial: Subscription, acme: Organization) -> None:
    before = trial.trial_ends_at
    assert before is not None
    assert act(console, f"subscriptions/subscription/{trial.pk}/act/extend_trial", days="7") == 302
    assert act(console, f"organizations/organization/{acme.pk}/act/extend_trial", days="1") == 302
    trial.refresh_from_db()
    assert trial.trial_ends_at == before + timedelta(days=8)
    assert act(console, f"subscriptions/subscription/{trial.pk}/act/extend_trial", days="0") == 422


def test_an_organization_without_a_trial_has_none_to_extend(console: Client, globex: Organization) -> None:
    assert act(console, f"organizations/organization/{globex.pk}/act/extend_trial", days="7") == 422


def test_pages_show_history_forecast_and_payload(console: Client, trial: Subscription, acme: Organization) -> None:
    SubscriptionTransition.objects.create(
        subscription=trial, from_status="", to_status="trialing", cause="onboarding it was", at=timezone.now()
    )
    Subscription.objects.filter(pk=trial.pk).update(cancel_reason="unused too many buttons")
    page = console.get(f"/console/subscriptions/subscription/{trial.pk}/change/").content.decode()
    assert "onboarding it was" in page
    assert "The next 60 days" in page
    assert "the trial has ended" in page
    assert "We hardly use it: too many buttons" in page
    event = WebhookEvent.objects.create(
        gateway="sandbox", event_id="evt_1", kind="invoice.paid", payload={"deep": {"in": "here"}}, effect="paid it"
    )
    page = console.get(f"/console/webhooks/webhookevent/{event.pk}/change/").content.decode()
    assert "paid it" in page
    assert "&quot;in&quot;: &quot;here&quot;" in page
    WebhookEvent.objects.update(state="dead")
    assert act(console, f"webhooks/webhookevent/{event.pk}/act/replay") == 302
    event.refresh_from_db()
    assert event.state == "pending"
    invoice = Invoice.objects.create(
        organization=acme, gateway="sandbox", external_id="in_1", amount=10, currency="BRL", issued_at=timezone.now(),
        method="card",
    )  # fmt: skip
    assert console.get(f"/console/invoices/invoice/{invoice.pk}/change/").status_code == 200
    console.cookies["language"] = "pt-br"
    assert (
        console.get("/console/invoices/invoice/").content.decode().count("cartão") == 3
    )  # in its row, and twice as a filter: beside it, and in the sheet of a phone
    assert "Pro · " in console.get("/console/organizations/organization/").content.decode()


@pytest.fixture
def sandbox(settings: Any) -> Iterator[World]:
    with a_sandbox() as world:
        settings.BILLING_GATEWAY, settings.SANDBOX_URL, settings.SANDBOX_SECRET = "sandbox", world.url, SECRET
        yield world


def test_a_payment_is_given_back_once(console: Client, sandbox: World, acme: Organization) -> None:
    """Two clicks on the same form."""
    sync(bought(acme, sandbox).pk, cause="test")
    paid = Invoice.objects.get()
    path = f"invoices/invoice/{paid.pk}/act/refund"
    assert 'name="seen" value="0.00"' in console.get(f"/console/{path}/").content.decode()
    for amount, answer in (("40", 302), ("40", 302), ("1000", 422), ("-1", 422), ("x", 422)):
        assert act(console, path, amount=amount, seen="0.00") == answer
    paid.refresh_from_db()
    assert paid.refunded == 40
