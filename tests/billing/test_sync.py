"""From what a gateway says to our rows: once, late, twice, out of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from billing.gateways.base import InvoiceSnapshot, PaymentSnapshot, SubscriptionSnapshot
from billing.gateways.registry import NoGateway
from billing.invoices.models import Invoice, Payment
from billing.plans.models import GatewayPrice, Price
from billing.subscriptions.models import Customer, Notice, Subscription
from billing.subscriptions.sync import sync, sync_snapshot, touch
from shared_apps.core.ids import uuid7
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.billing.gateway import charge, day, said

Subscribe = Callable[..., Subscription]


def tell(subscription: Subscription, snapshot: SubscriptionSnapshot, at: datetime, **options: Any) -> Subscription:
    told = {"subscription_id": subscription.pk, "gateway": "sandbox", "fetched_at": at, "cause": "test"}
    return sync_snapshot(snapshot, **told | options)


def history(subscription: Subscription) -> list[str]:
    return list(subscription.transitions.values_list("to_status", flat=True))


def test_a_customer_that_was_made_anew_replaces_the_last(acme: Organization, subscribed: Subscribe) -> None:
    Customer.objects.create(organization=acme, gateway="sandbox", external_id="cus_gone")
    bought = subscribed(gateway="", external_id="")
    assert tell(bought, said("running", charge(1, "paid")), day(0)).status == "active"
    assert Customer.objects.get().external_id == "cus_1"


def test_nobody_elses_customer_is_taken_over(acme: Organization, globex: Organization, subscribed: Subscribe) -> None:
    Customer.objects.create(organization=globex, gateway="sandbox", external_id="cus_1")
    bought = subscribed(gateway="", external_id="")
    assert tell(bought, said("running", charge(1, "paid")), day(0)).status == "active"
    assert Customer.objects.get().organization == globex


def test_what_is_not_there_is_refused(cast: object, subscribed: Subscribe) -> None:
    with pytest.raises(ObjectDoesNotExist):
        sync(uuid7(), cause="test")
    with pytest.raises(NoGateway):
        sync(subscribed(gateway="nobody").pk, cause="test")
    assert not Invoice.objects.exists()


def test_a_payment_opens_the_doors_once(subscribed: Subscribe) -> None:
    ours = subscribed()
    for _again in range(2):
        ours = tell(ours, said("running", charge(1, "paid")), day(0))
    assert (ours.status, ours.access_until, history(ours)) == ("active", day(30), ["active"])
    assert Payment.objects.get().amount == Decimal("99.00")
    assert Mail.objects.filter(template="billing/notice").count() == 1


def test_an_older_truth_writes_nothing(subscribed: Subscribe) -> None:
    ours = tell(subscribed(), said("running", charge(1, "paid"), charge(2, "paid", month=1), month=1), day(31))
    ours = tell(ours, said("past_due", charge(1, "paid"), charge(2, "failed", month=1), month=1), day(30))
    assert (ours.status, history(ours)) == ("active", ["active"])
    assert set(Invoice.objects.values_list("state", flat=True)) == {"paid"}


def test_a_truth_of_another_is_not_taken(acme: Organization, subscribed: Subscribe) -> None:
    ours = subscribed()
    for foreign in (said("running", charge(1, "paid"), id="sub_2"), said("running", charge(1, "paid"), reference="x")):
        ours = tell(ours, foreign, day(0))
        assert (ours.status, ours.external_id, Payment.objects.count()) == ("incomplete", "sub_1", 0)


def test_an_invoice_of_another_organization_stays_theirs(
    globex: Organization, price: Price, subscribed: Subscribe
) -> None:
    theirs = Subscription.objects.create(organization=globex, price=price, gateway="sandbox", external_id="sub_9")
    tell(theirs, said("running", charge(1, "paid"), id="sub_9"), day(0))
    ours = tell(subscribed(), said("running", charge(1, "paid")), day(0.5))
    assert ours.status == "incomplete"
    assert Invoice.objects.get().organization_id == globex.pk


def test_the_effect_and_what_goes_with_it_commit_together(subscribed: Subscribe) -> None:
    ours = subscribed()

    def crash() -> None:
        raise RuntimeError("the worker died")

    with pytest.raises(RuntimeError):
        tell(ours, said("running", charge(1, "paid")), day(0), also=crash)
    ours.refresh_from_db()
    assert (ours.status, Payment.objects.count(), Mail.objects.count()) == ("incomplete", 0, 0)
    done: list[str] = []
    tell(ours, said("running", charge(1, "paid")), day(0), also=lambda: done.append("marked"))
    tell(ours, said("running", charge(1, "paid")), day(-1), also=lambda: done.append("marked, though it was old"))
    assert len(done) == 2


def test_it_works_whatever_organization_is_active(globex: Organization, subscribed: Subscribe) -> None:
    ours = subscribed()
    with context.enter(globex.schema_name):
        assert tell(ours, said("running", charge(1, "paid")), day(0)).organization_id == ours.organization_id


def test_dunning_by_the_clock_alone(subscribed: Subscribe) -> None:
    ours = tell(subscribed(), said("running", charge(1, "paid")), day(0))
    ours = tell(ours, said("past_due", charge(1, "paid"), charge(2, "failed", month=1), month=1), day(30))
    for on, status in [
        (32, "past_due"),
        (33, "grace"),
        (39, "grace"),
        (40, "suspended"),
        (69, "suspended"),
        (70, "canceled"),
    ]:
        for _twice in range(2):
            ours = touch(ours.pk, cause="clock", now=day(on))
        assert (on, ours.status) == (on, status)
    assert history(ours) == ["active", "past_due", "grace", "suspended", "canceled"]
    assert set(Notice.objects.values_list("step", flat=True)) == {
        "active",
        "past_due",
        "grace",
        "suspended",
        "canceled",
    }
    assert Notice.objects.count() == Mail.objects.filter(template="billing/notice").count() == 5


def test_the_price_is_what_the_gateway_charges(subscribed: Subscribe, larger: Price) -> None:
    GatewayPrice.objects.create(price=larger, gateway="sandbox", external_id="price_large")
    ours = tell(subscribed(), said("running", charge(1, "paid"), prices=("price_large",)), day(0))
    assert ours.price == larger
    ours = tell(ours, said("running", charge(1, "paid"), prices=("price_of_nobody",)), day(1))
    assert (ours.price, ours.status) == (larger, "active")


def partial(number: int, amount: str, at: int) -> PaymentSnapshot:
    return PaymentSnapshot(f"pay_{number}", Decimal(amount), day(at))


def past() -> list[tuple[float, SubscriptionSnapshot]]:
    """A life: bought, renewed after a failure and a boleto, paid twice, cancelled, ended."""
    charges: dict[int, InvoiceSnapshot] = {}
    told = []

    def then(on: float, state: str, *changed: InvoiceSnapshot, month: int = 0, **fields: Any) -> None:
        charges.update({int(one.id.removeprefix("in_")): one for one in changed})
        told.append((on, said(state, *reversed(charges.values()), month=month, **fields)))

    then(0, "incomplete", charge(1, "open"))
    then(0.1, "running", charge(1, "paid"))
    then(30, "running", charge(2, "open", month=1), month=1)
    then(30.1, "past_due", charge(2, "failed", month=1), month=1)
    then(34, "past_due", charge(3, "void", month=1, amount=Decimal(5)), month=1)
    then(41, "running", charge(2, "paid", month=1), month=1)
    late = charge(4, "overdue", month=2, method="boleto")
    then(60, "running", late, month=2)
    twice = (partial(41, "99", 61), partial(42, "99", 62))
    then(
        62, "running", replace(charge(4, "paid", month=2, method="boleto"), payments=twice, paid=Decimal(198)), month=2
    )
    then(70, "ending", month=2, cancel_at=day(90))
    then(90, "canceled", month=2, cancel_at=day(90), ended_at=day(90))
    return told


LIFE = past()


@given(order=some.permutations([*range(len(LIFE)), *range(0, len(LIFE), 2)]), until=some.integers(1, len(LIFE)))
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_order_ends_in_the_same_state(subscribed: Subscribe, order: list[int], until: int) -> None:
    """The first `until` steps of a life, delivered in any order and some of them twice."""
    if until not in _in_order:
        _in_order[until] = _lived(subscribed, list(range(until)))
    assert _lived(subscribed, [step for step in order if step < until]) == _in_order[until]


_in_order: dict[int, tuple[Any, ...]] = {}  # where the first steps of a life lead when nothing is late


def _lived(subscribed: Subscribe, steps: list[int]) -> tuple[Any, ...]:
    """What is left of a subscription after these steps; it leaves no row."""
    ours = subscribed(external_id="sub_1")
    for step in steps:
        ours = tell(ours, LIFE[step][1], day(LIFE[step][0]))
    paid = sorted(Payment.objects.values_list("external_id", "amount", "is_credit"))
    notices = list(Notice.objects.values_list("about", "step"))
    assert len(notices) == len(set(notices))
    for model in (Notice, Payment, Invoice, Subscription):
        model.objects.all().delete()
    return ours.status, ours.access_until, ours.dunning_started_at, ours.cancel_at, ours.ended_at, paid
