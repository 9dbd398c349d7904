"""Money that arrived and went back, in part or whole, for good or for a while: what the provider says now counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations import current
from tenant_apps.activity.models import Activity
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.providers import charges, events, following, outcomes
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge, ProviderEvent
from tenant_apps.notifications.models import Notification
from tenant_apps.team.models import Member
from tests.finance.providers.conftest import owed
from tests.finance.providers.fake_asaas import Fake
from tests.finance.providers.test_charges import NOW, issued, work

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def charge(connected: ProviderAccount, asaas: Fake) -> ProviderCharge:
    """Issued, and paid today."""
    made = issued(owed("150.00"))
    asaas.pay(made.external_id, on=current.today().isoformat())
    return work(made)


def says(asaas: Fake, charge: ProviderCharge, **what: Any) -> None:
    asaas.payment(charge.external_id).update(what)


def tell(charge: ProviderCharge, kind: str, id: str) -> None:
    events.note_event({"id": id, "event": kind, "payment": {"id": charge.external_id}})
    for one in ProviderEvent.objects.all():
        events.follow_event(one.pk, now=NOW)
    charge.refresh_from_db()


def standing() -> list[Decimal]:
    return list(Payment.objects.standing().order_by("created_at").values_list("amount", flat=True))


BACK = {
    "PAYMENT_REFUNDED": ({"status": "REFUNDED"}, "returned"),
    "PAYMENT_CHARGEBACK_REQUESTED": ({"status": "CHARGEBACK_REQUESTED"}, "disputed"),
    "PAYMENT_CHARGEBACK_DISPUTE": ({"status": "CHARGEBACK_DISPUTE"}, "disputed"),
    "PAYMENT_RECEIVED_IN_CASH_UNDONE": ({"status": "PENDING", "clientPaymentDate": None}, "issued"),
    "PAYMENT_DELETED": ({"deleted": True}, "removed"),
}


@pytest.mark.parametrize("kind", BACK)
def test_it_is_due_again_once_and_the_team_hears_of_it(
    charge: ProviderCharge, asaas: Fake, kind: str, browser: Browser, alice: User
) -> None:
    said, state = BACK[kind]
    says(asaas, charge, **said)
    for id in ("evt_1", "evt_1", "evt_2"):
        tell(charge, kind, id)
    charges.work_on(charge.pk, now=NOW)
    entry, payment = Entry.objects.get(), Payment.objects.get()
    assert (charge.state, entry.paid, entry.settled_on) == (state, Decimal(0), None)
    assert payment.reversals.count() == 1
    assert Activity.objects.filter(verb="payment.reversed", subject_id=entry.pk).count() == 1
    told = Notification.objects.filter(event="payment.reversed")
    assert {(one.channel, one.recipient_type) for one in told} == {("app", "member"), ("email", "member")}
    hers = Member.objects.get(user_id=alice.pk)
    assert told.filter(channel="app", recipient_id=hers.pk).count() == 1
    page = browser.get(f"/entries/{entry.pk}/").content.decode()
    assert payment.reversals.get().reason in page
    assert payment.reversals.get().reason
    assert "150.00" in browser.get("/notifications/").content.decode()


def test_an_event_that_lies_changes_nothing(charge: ProviderCharge, asaas: Fake) -> None:
    tell(charge, "PAYMENT_REFUNDED", "evt_1")
    assert (charge.state, standing()) == ("paid", [Decimal(150)])


@pytest.mark.parametrize("first", ["REFUNDED", "CHARGEBACK_REQUESTED", "PENDING"])
def test_paid_again_is_a_new_payment(charge: ProviderCharge, asaas: Fake, first: str) -> None:
    says(asaas, charge, status=first)
    work(charge)
    says(asaas, charge, status="AWAITING_CHARGEBACK_REVERSAL")
    work(charge)  # on its way: nothing follows yet
    assert standing() == []
    says(asaas, charge, status="RECEIVED", clientPaymentDate=current.today().isoformat())
    for _ in range(3):
        work(charge)
    assert (charge.state, standing(), Payment.objects.count()) == ("paid", [Decimal(150)], 2)
    assert charge.payment is not None
    assert charge.payment.reversal_id is None


def test_a_part_that_went_back_is_due_again(charge: ProviderCharge, asaas: Fake) -> None:
    back = [{"status": "DONE", "value": 50.0}, {"status": "PENDING", "value": 20}, {"status": "CANCELLED", "value": 5}]
    says(asaas, charge, refunds=back)
    for _ in range(3):
        tell(charge, "PAYMENT_PARTIALLY_REFUNDED", "evt_1")
        work(charge)
    entry = Entry.objects.get()
    assert (charge.state, entry.paid, standing()) == ("paid", Decimal(100), [Decimal(100)])
    assert Payment.objects.count() == 2
    back[1]["status"] = "DONE"
    says(asaas, charge, refunds=back)
    work(charge)
    assert standing() == [Decimal(80)]
    says(asaas, charge, status="REFUNDED", refunds=[{"status": "DONE", "value": 150}])
    work(charge)
    assert (charge.state, standing()) == ("returned", [])


def test_what_people_reversed_stays_reversed(charge: ProviderCharge, asaas: Fake) -> None:
    assert charge.payment is not None
    services.reverse_payment(charge.payment, actor=None, reason="wrong entry")
    for _ in range(2):
        work(charge)
    assert (standing(), charge.state) == ([], "paid")
    assert not Notification.objects.filter(event="payment.reversed").exists()
    says(asaas, charge, status="REFUNDED")
    work(charge)
    assert (charge.state, Payment.objects.get().reversals.count()) == ("returned", 1)


def test_an_older_answer_does_not_win(charge: ProviderCharge, asaas: Fake, connected: ProviderAccount) -> None:
    """Two tasks ask at once; the one that asked first writes last."""
    stale = ProviderCharge.objects.get(pk=charge.pk)
    found = charges._brought(charges.provider_of(connected), stale, NOW)
    says(asaas, charge, status="REFUNDED")
    work(charge)
    outcomes.apply(charge.pk, found, NOW, heard=stale.heard)
    charge.refresh_from_db()
    assert (charge.state, standing()) == ("returned", [])
    assert charge.try_at is not None  # it is asked about anew
    assert (work(charge).try_at, charge.state) == (None, "returned")


def test_a_dispute_that_was_won_is_found_by_night(charge: ProviderCharge, asaas: Fake) -> None:
    says(asaas, charge, status="CHARGEBACK_DISPUTE")
    work(charge)
    assert following.compare(now=NOW)["compared"] == 1
    services.pay_entry(
        Entry.objects.get(), actor=None, amount=Decimal(150), method="cash", paid_on=date(2026, 11, 1)
    )  # meanwhile it was paid otherwise
    says(asaas, charge, status="RECEIVED")
    for _ in range(2):
        work(charge)
        assert (charge.state, charge.payment, standing()) == ("paid", None, [Decimal(150)])
        assert charge.problem


def test_a_charge_that_is_open_again_makes_room_for_the_one_that_stands(charge: ProviderCharge, asaas: Fake) -> None:
    says(asaas, charge, status="CHARGEBACK_REQUESTED")
    work(charge)
    other = issued(Entry.objects.get())
    assert (other.state, other.external_id != charge.external_id) == ("issued", True)
    says(asaas, charge, status="PENDING")
    work(charge)
    work(charge)
    assert [one["deleted"] for one in asaas.payments] == [True, False]
    assert charge.state == "removed"
