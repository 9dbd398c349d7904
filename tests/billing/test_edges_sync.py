"""Edge cases of the reference by number, told by what a gateway says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from billing.gateways.base import PaymentSnapshot, SubscriptionSnapshot
from billing.gateways.stripe import reading
from billing.invoices.models import Invoice, Payment
from billing.plans.models import GatewayPrice, Price
from billing.self_service import queries
from billing.subscriptions.models import Notice, Subscription
from billing.subscriptions.sync import sync_snapshot, touch
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import PendingJob
from tests.billing.gateway import charge, day, said

Subscribe = Callable[..., Subscription]
PAID = charge(1, "paid")


def tell(subscription: Subscription, snapshot: SubscriptionSnapshot, on: float) -> Subscription:
    return sync_snapshot(snapshot, subscription_id=subscription.pk, gateway="sandbox", fetched_at=day(on), cause="test")


@pytest.fixture
def active(subscribed: Subscribe) -> Subscription:
    return tell(subscribed(), said("running", PAID), 0)


def test_edge_03_two_events_for_one_fact_are_one_payment(active: Subscription) -> None:
    tell(active, said("running", PAID), 0.01)
    assert (Payment.objects.count(), active.access_until) == (1, day(30))


def test_edge_04_created_after_updated_stays_active(active: Subscription) -> None:
    assert tell(active, said("incomplete", charge(1, "open")), -0.1).status == "active"


def test_edge_05_a_failure_told_after_the_recovery_changes_nothing(active: Subscription) -> None:
    ours = tell(active, said("running", PAID, charge(2, "paid", month=1), month=1), 31)
    assert tell(ours, said("past_due", PAID, charge(2, "failed", month=1), month=1), 30.5).status == "active"


def test_edge_06_an_update_after_the_end_stays_ended(active: Subscription) -> None:
    ours = tell(active, said("canceled", PAID, ended_at=day(2)), 2)
    assert tell(ours, said("running", PAID), 3).status == "canceled"


def test_edge_20_of_two_items_the_price_we_know_counts(active: Subscription, larger: Price) -> None:
    GatewayPrice.objects.create(price=larger, gateway="sandbox", external_id="price_large")
    with capture_logs() as logs:
        ours = tell(active, said("running", PAID, prices=("price_extra", "price_large")), 1)
    assert (ours.price, ours.status) == (larger, "active")
    assert [(one["event"], one["prices"]) for one in logs if one["log_level"] == "error"] == [
        ("price_unknown", ["price_extra"])
    ]


def test_edge_20_of_two_items_the_latest_end_counts() -> None:
    ends = [1_800_000_000, 1_900_000_000]
    items = [{"current_period_start": end - 1000, "current_period_end": end, "price": "price_1"} for end in ends]
    for listed in (items, items[::-1]):
        assert reading.period({"items": {"data": listed}})[1] == datetime.fromtimestamp(ends[1], UTC)


def test_edge_26_a_late_pix_with_interest_is_the_price_paid(active: Subscription) -> None:
    paid = PaymentSnapshot("pay_2", Decimal("103.40"), day(35))
    late = replace(charge(2, "paid", month=1, method="pix"), payments=(paid,), paid=Decimal("103.40"))
    ours = tell(active, said("running", PAID, late, month=1), 35)
    assert (ours.status, ours.access_until) == ("active", day(60))
    assert not Payment.objects.filter(is_credit=True).exists()


def test_edge_27_paid_twice_is_one_period_and_a_credit(active: Subscription) -> None:
    twice = tuple(PaymentSnapshot(f"pay_2{one}", Decimal(99), day(30 + one)) for one in range(2))
    ours = tell(active, said("running", PAID, replace(charge(2, "paid", month=1), payments=twice), month=1), 32)
    assert ours.access_until == day(60)
    assert Payment.objects.get(is_credit=True).external_id == "pay_21"


def test_edge_28_a_boleto_known_a_day_late_costs_no_access(active: Subscription) -> None:
    late = charge(2, "overdue", month=1, method="boleto", failed_at=day(30))
    ours = tell(active, said("running", PAID, late, month=1), 31)
    assert (ours.status, touch(ours.pk, cause="clock", now=day(32)).status) == ("past_due", "past_due")
    ours = tell(ours, said("running", PAID, charge(2, "paid", month=1, method="boleto"), month=1), 32.5)
    assert ours.status == "active"
    touch(ours.pk, cause="clock", now=day(45))
    assert set(Notice.objects.values_list("step", flat=True)) == {"active", "past_due", "recovered"}


def test_edge_29_settled_a_month_later_is_no_second_period(active: Subscription) -> None:
    settled = (PaymentSnapshot("pay_1", Decimal(99), day(0), settled_at=day(32)),)
    before = Notice.objects.count()
    tell(active, said("running", replace(PAID, payments=settled)), 29)
    assert (Payment.objects.count(), Notice.objects.count()) == (1, before)
    assert Invoice.objects.get().settled_at == day(32)


def test_edge_30_an_older_charge_is_owed_though_a_newer_is_paid(active: Subscription) -> None:
    two = (charge(2, "overdue", month=1), charge(3, "paid", month=2))
    ours = tell(active, said("running", PAID, *two, month=1), 31)
    assert ours.status == "past_due"
    shown = {one.external_id: (one.state, bool(one.paid)) for one in queries.invoices_of(ours.organization_id)}
    assert shown == {"in_1": ("paid", True), "in_2": ("overdue", False), "in_3": ("paid", True)}


def test_edge_31_an_open_charge_keeps_its_amount(active: Subscription, larger: Price) -> None:
    Subscription.objects.filter(pk=active.pk).update(next_price=larger, next_price_at=day(30))
    ours = tell(active, said("running", PAID, charge(2, "open", month=1), month=1), 31)
    assert ours.price == larger
    assert Invoice.objects.get(external_id="in_2").amount == Decimal("99.00")


def test_edge_32_a_charge_deleted_by_hand_is_no_failure(active: Subscription) -> None:
    assert tell(active, said("running", PAID, charge(2, "void", month=1), month=1), 45).status == "active"


def test_edge_39_limits_rise_once_the_difference_is_paid(active: Subscription, larger: Price) -> None:
    asked = {"next_price": larger, "next_price_at": day(10), "next_price_due": Decimal(60)}
    Subscription.objects.filter(pk=active.pk).update(**asked)
    small = active.price
    difference = {"issued_at": day(10), "amount": Decimal(60)}
    ours = tell(active, said("running", PAID, _issued("failed", **difference)), 10.1)
    assert (ours.price, ours.next_price) == (small, larger)
    ours = tell(ours, said("running", PAID, _issued("paid", **difference)), 10.2)
    assert (ours.price, ours.next_price, ours.status) == (larger, None, "active")


def _issued(state: str, *, issued_at: datetime, amount: Decimal) -> Any:
    return replace(charge(9, state, amount=amount), issued_at=issued_at)


def test_edge_42_the_period_is_the_gateways_not_a_month_added(subscribed: Subscribe) -> None:
    ends = day(0) + timedelta(days=26)  # from the 31st to the last day of a shorter month
    ours = tell(subscribed(), said("running", replace(PAID, period_ends_at=ends), period_ends_at=ends), 0)
    assert (ours.period_ends_at, ours.access_until) == (ends, ends)


def test_edge_46_the_one_that_follows_begins_when_the_other_has_ended(
    active: Subscription, subscribed: Subscribe
) -> None:
    new = subscribed(external_id="", gateway="", replaces=active, trial_ends_at=active.period_ends_at)
    waiting = said("trialing", id="sub_2", trial_ends_at=active.period_ends_at)
    new = tell(new, waiting, 5)
    assert (new.status, new.external_id) == ("incomplete", "sub_2")
    asked = PendingJob.objects.get(name="subscriptions.end_at_gateway")
    assert asked.arguments == {"subscription_id": str(active.pk)}
    old = tell(active, said("ending", PAID, cancel_at=day(30)), 6)
    assert old.status == "active"
    touch(old.pk, cause="clock", now=day(30))
    new.refresh_from_db()
    alive = Subscription.objects.exclude(status__in=["incomplete", "canceled"])
    assert list(alive) == [new]


def test_edge_47_given_back_in_full_suspends_in_part_does_not(active: Subscription) -> None:
    part = replace(PAID, refunded=Decimal(10))
    assert tell(active, said("running", part), 1).status == "active"
    ours = tell(active, said("running", replace(charge(1, "refunded"), refunded=Decimal(99))), 2)
    assert (ours.status, ours.suspended_reason) == ("suspended", "refunded")


def test_edge_48_a_dispute_suspends_until_it_is_won(active: Subscription) -> None:
    ours = tell(active, said("running", charge(1, "disputed")), 1)
    assert (ours.status, ours.suspended_reason) == ("suspended", "disputed")
    assert tell(ours, said("running", PAID), 2).status == "active"


def test_edge_53_whatever_organization_is_active_the_link_decides(subscribed: Subscribe, globex: Organization) -> None:
    ours = subscribed()
    with context.enter(globex.schema_name):
        tell(ours, said("running", PAID), 0)
    assert set(Invoice.objects.values_list("organization", flat=True)) == {ours.organization_id}
