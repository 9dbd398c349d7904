"""Asked again after an answer was lost, by whoever clicks again: the difference, a refund, the last coupon, once."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing import clock
from billing.gateways.models import OutboundIntent
from billing.invoices.models import Invoice
from billing.plans.models import Coupon, Price
from billing.subscriptions import services
from billing.subscriptions.errors import CouponRefused, NothingToRefund, PaymentsAway
from billing.subscriptions.models import Checkout, Subscription
from billing.subscriptions.sync import sync
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.billing.factories import bought
from tests.billing.gateways.worlds import Provider
from tests.billing.sandboxes import World


@pytest.fixture
def running(acme: Organization, price: Price, asaas: Provider) -> Subscription:
    """Bought and paid at Asaas, which knows no idempotency keys."""
    ours = Subscription.objects.create(organization=acme, price=price, gateway="asaas")
    there = asaas.subscribed(reference=str(ours.pk))
    Subscription.objects.filter(pk=ours.pk).update(external_id=there.id)
    return sync(ours.pk, cause="test")


def differences(asaas: Provider) -> list[Any]:
    return [one for one in asaas.bank.store.all("invoice") if one["reason"] == "change"]


def test_a_difference_is_charged_once_though_its_answer_was_lost(
    running: Subscription, larger: Price, asaas: Provider
) -> None:
    now = clock.now()
    asaas.server.loses_answer_of = "POST /v3/payments"
    with pytest.raises(PaymentsAway):
        services.change_plan(running, price=larger, by=None, previewed_at=now)
    running.refresh_from_db()
    services.change_plan(running, price=larger, by=None, previewed_at=now + timedelta(minutes=3))
    assert asaas.server.loses_answer_of == ""
    assert len(differences(asaas)) == 1


@pytest.fixture
def paid(sandbox: World, acme: Organization) -> Invoice:
    sync(bought(acme, sandbox).pk, cause="test")
    return Invoice.objects.get()


def test_a_refund_is_made_once_and_written_down(paid: Invoice) -> None:
    for _click in range(2):  # the form of both says that nothing went back yet
        services.refund(Invoice.objects.get(pk=paid.pk), amount=Decimal("40.00"), seen=Decimal(0), by=None)
    paid.refresh_from_db()
    assert paid.refunded == Decimal("40.00")
    assert OutboundIntent.objects.get().purpose == "refund"


def test_a_refund_of_the_rest_is_another(paid: Invoice) -> None:
    services.refund(paid, amount=Decimal("40.00"), by=None)
    services.refund(Invoice.objects.get(pk=paid.pk), amount=None, by=None)
    paid.refresh_from_db()
    assert (paid.refunded, paid.state) == (Decimal("99.00"), "refunded")
    with pytest.raises(NothingToRefund):
        services.refund(paid, amount=None, by=None)


@pytest.mark.parametrize("amount", ["0", "-1", "99.01", "1000000"])
def test_no_more_than_was_paid_goes_back(paid: Invoice, amount: str) -> None:
    with pytest.raises(NothingToRefund):
        services.refund(paid, amount=Decimal(amount), by=None)
    assert not OutboundIntent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_last_coupon_is_one_organizations(
    sandbox: World, acme: Organization, globex: Organization, price: Price
) -> None:
    Coupon.objects.create(code="LAST", percent=50, most=1)
    start, taken = threading.Barrier(2), []

    def buy(organization: Organization) -> None:
        try:
            with context.public():
                start.wait(timeout=30)
                services.begin_checkout(
                    organization, price=price, by=None, return_url=str, cancel_url="http://x.example/", coupon="last"
                )
                taken.append(organization)
        except CouponRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=buy, args=(one,)) for one in (acme, globex)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == 1
    assert Checkout.objects.get().organization == taken[0]


def test_whose_coupon_it_is_already_may_choose_again(sandbox: World, acme: Organization, price: Price) -> None:
    Coupon.objects.create(code="LAST", percent=50, most=1)
    for _click in range(2):
        services.begin_checkout(
            acme, price=price, by=None, return_url=str, cancel_url="http://x.example/", coupon="LAST"
        )
    assert Checkout.objects.get().coupon is not None
