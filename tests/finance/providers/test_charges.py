"""From asking for a charge to the entry that is paid by itself, once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from shared_apps.core.errors import DomainError
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tenant_apps.finance import services as finance
from tenant_apps.finance.errors import EntryPaid
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.providers import accounts, charges, events
from tenant_apps.finance.providers.errors import ChargesStand, NotConnected, NotIssued
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge, ProviderEvent
from tenant_apps.team.models import Member
from tests.finance.providers.conftest import owed
from tests.finance.providers.fake_asaas import KEY, Fake

pytestmark = pytest.mark.usefixtures("inside")
NOW = timezone.now()


def issued(entry: Entry) -> ProviderCharge:
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    charges.work_on(charge.pk, now=NOW)
    charge.refresh_from_db()
    return charge


def work(charge: ProviderCharge) -> ProviderCharge:
    charges.work_on(charge.pk, now=NOW)
    charge.refresh_from_db()
    return charge


def test_the_key_is_sealed_and_the_token_hashed(connected: ProviderAccount, asaas: Fake) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM finance_provideraccount t")
        text = cursor.fetchone()[0]
    assert KEY not in text
    token = asaas.webhooks[0]["authToken"]
    assert token not in text
    assert accounts.is_from(connected, token)
    assert asaas.webhooks[0]["url"].startswith("http")
    assert connected.path in asaas.webhooks[0]["url"]


def test_a_bad_key_says_so(asaas: Fake, owner: Member) -> None:
    with pytest.raises(DomainError):
        accounts.connect(actor=owner, key="short")
    made = accounts.connect(actor=owner, key="$aact_hmlg_" + "x" * 40)
    accounts.try_account(made.pk)
    made.refresh_from_db()
    assert made.state == "failed"
    with pytest.raises(NotConnected):
        charges.ask_for_charge(owed(), actor=owner, now=NOW)


def test_issued_paid_and_recorded_once(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    assert (charge.state, charge.problem, charge.try_at) == ("issued", "", None)
    assert all([charge.pix, charge.boleto, charge.page])
    assert charges.ask_for_charge(entry, actor=None, now=NOW) == charge
    asaas.pay(charge.external_id)
    for _ in range(3):
        work(charge)
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.reference) == (Decimal(150), "pix", charge.external_id)
    assert payment.paid_on == date(2026, 11, 20)
    charge.refresh_from_db()
    assert (charge.state, charge.payment) == ("paid", payment)
    with pytest.raises(EntryPaid):
        charges.ask_for_charge(entry, actor=None, now=NOW)


def test_paid_late_its_surplus_is_late_fee_and_interest(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed("100.00"))
    asaas.pay(charge.external_id, 103.17)
    work(charge)
    payment = Payment.objects.get()
    assert (payment.amount, payment.extra, payment.settles) == (Decimal("103.17"), Decimal("3.17"), Decimal(100))


def test_paid_with_the_discount(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("100.00", discount=Decimal(10))
    charge = issued(entry)
    asaas.pay(charge.external_id, 90)
    work(charge)
    entry.refresh_from_db()
    assert (entry.open_amount, Payment.objects.get().discount) == (Decimal(0), Decimal(10))


def test_money_sent_back_is_reversed(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = issued(entry)
    asaas.pay(charge.external_id)
    work(charge)
    asaas.payment(charge.external_id)["status"] = "REFUNDED"
    work(charge)
    work(charge)
    entry.refresh_from_db()
    assert (charge.state, entry.paid) == ("returned", Decimal(0))


def test_paid_twice_is_shown_not_guessed(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = issued(entry)
    finance.pay_entry(entry, actor=None, amount=Decimal(150), method="cash", paid_on=date(2026, 11, 1))
    asaas.pay(charge.external_id)
    work(charge)
    assert charge.state == "paid"
    assert charge.problem
    assert Payment.objects.count() == 1


def test_an_answer_that_got_lost_and_an_outage_lead_to_one_charge(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    asaas.lose_answer_of = "POST /payments"
    work(charge)
    assert (charge.state, charge.attempts) == ("pending", 1)
    assert charge.problem
    asaas.breaks = True
    work(charge)
    assert charge.attempts == 2
    asaas.breaks = False
    assert charges.next_try() == charge.try_at
    PendingJob.objects.all().delete()
    assert charges.retry(now=charge.try_at) == 1
    assert PendingJob.objects.get().arguments == {"charge_id": str(charge.pk)}
    work(charge)
    assert (charge.state, len(asaas.payments)) == ("issued", 1)
    assert charges.next_try() is None


def test_one_asked_for_under_its_entrys_reference_is_found(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    asaas.lose_answer_of = "POST /payments"
    work(charge)
    asaas.payments[0]["externalReference"] = str(entry.pk)
    ProviderCharge.objects.update(created_at=NOW - timedelta(hours=1))
    assert (work(charge).state, len(asaas.payments)) == ("issued", 1)
    charges.withdraw(charge, actor=None, now=NOW)
    asaas.payments[0]["status"] = "RECEIVED"  # it was paid, and that was undone by hand here: it is not the next one's
    ProviderCharge.objects.update(state="removed", is_leaving=False, try_at=None)
    other = charges.ask_for_charge(entry, actor=None, now=NOW)
    ProviderCharge.objects.filter(pk=other.pk).update(created_at=NOW - timedelta(hours=1))
    assert (work(other).state, len(asaas.payments)) == ("issued", 2)


def test_withdrawn(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    charges.withdraw(charge, actor=None, now=NOW)
    with pytest.raises(NotIssued):
        charges.withdraw(charge, actor=None, now=NOW)
    with pytest.raises(ChargesStand):
        accounts.disconnect(connected, actor=None)
    work(charge)
    assert charge.state == "removed"
    assert asaas.payments[0]["deleted"]
    accounts.disconnect(connected, actor=None)


def test_paid_while_it_was_withdrawn_counts(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    charges.withdraw(charge, actor=None, now=NOW)
    asaas.pay(charge.external_id)
    work(charge)
    assert (charge.state, charge.is_leaving, Payment.objects.count()) == ("paid", False, 1)


def test_a_refusal_is_told_and_can_be_asked_again(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("2.00")
    charge = issued(entry)
    assert charge.state == "failed"
    assert "5,00" in charge.problem
    assert charges.ask_for_charge(entry, actor=None, now=NOW) != charge


def test_who_cannot_be_charged(connected: ProviderAccount) -> None:
    for entry in (owed(document=""), owed(kind="payable"), owed(client=None, document="11144477735")):
        with pytest.raises(DomainError):
            charges.ask_for_charge(entry, actor=None, now=NOW)
    assert not ProviderCharge.objects.exists()


def test_what_is_overdue_is_charged_with_what_is_due_today(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("100.00", due=current.today() - timedelta(days=30), late_fee=Decimal(2), interest=Decimal(1))
    issued(entry)
    assert asaas.payments[0]["value"] >= 103
    assert "fine" not in asaas.payments[0]


# -- The webhook ---------------------------------------------------------------------------------------------------


def told(acme: Organization, account: ProviderAccount, token: str, body: Any) -> int:
    path = f"/webhooks/asaas-charges/{account.path}/"
    stranger = Browser(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
    answer = stranger.post(path, body, content_type="application/json", headers={"asaas-access-token": token})
    return answer.status_code


def event(charge: ProviderCharge, id: str = "evt_05b708f9&368604920") -> dict[str, Any]:
    return {"id": id, "event": "PAYMENT_RECEIVED", "payment": {"id": charge.external_id, "value": 999999}}


def test_an_event_is_a_reason_to_ask(connected: ProviderAccount, asaas: Fake, acme: Organization) -> None:
    charge, token = issued(owed()), asaas.webhooks[0]["authToken"]
    assert told(acme, connected, token, event(charge)) == 200
    follow = ProviderEvent.objects.get()
    events.follow_event(follow.pk, now=NOW)
    assert not Payment.objects.exists()  # the event lied: nothing was paid
    asaas.pay(charge.external_id)
    for _ in range(2):
        assert told(acme, connected, token, event(charge, "evt_2")) == 200
    for one in ProviderEvent.objects.all():
        events.follow_event(one.pk, now=NOW)
        events.follow_event(one.pk, now=NOW)
    assert Payment.objects.get().amount == Decimal(150)
    assert ProviderEvent.objects.count() == 2


def test_an_event_that_was_not_worked_off_rings_again(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    PendingJob.objects.all().delete()
    events.note_event(event(charge))
    events.note_event(event(charge))
    assert PendingJob.objects.count() == 2
    events.follow_event(ProviderEvent.objects.get().pk, now=NOW)
    PendingJob.objects.all().delete()
    events.note_event(event(charge))
    assert not PendingJob.objects.exists()


@pytest.mark.parametrize("token", ["", "wrong", "ü", KEY])
def test_without_our_token_nothing_is_heard(
    connected: ProviderAccount, acme: Organization, token: str
) -> None:  # fmt: skip
    assert told(acme, connected, token, {"id": "evt_1"}) == 401
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "evt", "event": "NEW_WORD", "thing": {}}, 200), ({"event": "x"}, 200), ([1], 200), ("null", 200),
        ("not json", 400), ("", 400), ({"id": "x" * 5000}, 200), ({"id": "a\x00b", "payment": {"id": "\x00"}}, 200),
        ({"id": 5, "payment": "x"}, 200), ({"id": "evt", "payment": {"id": "../../x"}}, 200),
    ],
)  # fmt: skip
def test_whatever_it_says_is_answered(
    connected: ProviderAccount, asaas: Fake, acme: Organization, body: Any, status: int
) -> None:
    assert told(acme, connected, asaas.webhooks[0]["authToken"], body) == status
    for one in ProviderEvent.objects.all():
        events.follow_event(one.pk, now=NOW)


def test_pages_show_no_key(connected: ProviderAccount, browser: Browser) -> None:
    page = browser.get("/settings/asaas/").content.decode()
    assert KEY not in page
    assert KEY[-4:] in page
    assert browser.post("/settings/asaas/", {"key": "x"}).status_code == 422
    entry = owed()
    assert browser.post(f"/provider-charges/{entry.pk}/issue/").status_code == 302
    assert "Asaas is being asked" in browser.get(f"/provider-charges/{entry.pk}/").content.decode()
    work(ProviderCharge.objects.get())
    page = browser.get(f"/provider-charges/{entry.pk}/").content.decode()
    assert "000201" in page
    assert browser.post(f"/provider-charges/{entry.pk}/removal/").status_code == 302
    assert browser.post(f"/provider-charges/{entry.pk}/removal/").status_code == 409
