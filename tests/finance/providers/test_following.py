"""Charges follow their entries: withdrawn by themselves, compared by night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.jobs import all_jobs
from shared_apps.tenancy.models import DueWork, PendingJob
from tenant_apps.activity.models import Activity
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.providers import bells, charges, following, outcomes
from tenant_apps.finance.providers.errors import ChargeStands
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tests.finance.providers.conftest import DUE, owed
from tests.finance.providers.fake_asaas import Fake
from tests.finance.providers.test_charges import NOW, issued, work

pytestmark = pytest.mark.usefixtures("inside")


def cash(entry: Entry, amount: str) -> Payment:
    return services.pay_entry(entry, actor=None, amount=Decimal(amount), method="cash", paid_on=date(2026, 11, 1))


def asked_for(charge: ProviderCharge) -> int:
    """How often a task was asked to work on it."""
    jobs = PendingJob.objects.filter(name="finance.work_on_charge")
    return sum(one.arguments == {"charge_id": str(charge.pk)} for one in jobs)


CHANGES: dict[str, Callable[[Entry], Any]] = {
    "paid": lambda entry: cash(entry, "150.00"),
    "paid in part": lambda entry: cash(entry, "50.00"),
    "cancelled": lambda entry: services.cancel_entry(entry, actor=None),
    "another amount": lambda entry: services.update_entry(entry, actor=None, amount=Decimal(140)),
    "another day": lambda entry: services.update_entry(entry, actor=None, due_on=DUE + timedelta(days=1)),
    "another late fee": lambda entry: services.update_entry(entry, actor=None, late_fee=Decimal(1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_withdrawn_by_itself(connected: ProviderAccount, asaas: Fake, change: str) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    PendingJob.objects.all().delete()
    CHANGES[change](entry)
    charge.refresh_from_db()
    assert (charge.is_leaving, asked_for(charge)) == (True, 1)
    for _ in range(3):
        work(charge)
    assert (charge.state, charge.is_leaving, charge.try_at) == ("removed", False, None)
    assert asaas.payments[0]["deleted"]
    assert sum(call.startswith("DELETE") for call in asaas.calls) == 1
    assert Activity.objects.filter(verb="charge.withdrawn").count() == 1


@pytest.mark.parametrize("change", [{"description": "Other"}, {"notes": "later"}, {"category": None}])
def test_what_changes_nothing_that_is_due_leaves_it(
    connected: ProviderAccount, asaas: Fake, change: dict[str, Any]
) -> None:
    entry = owed()
    charge = issued(entry)
    services.update_entry(entry, actor=None, **change)
    charge.refresh_from_db()
    assert (charge.state, charge.is_leaving) == ("issued", False)


def test_its_own_payment_does_not_withdraw_it(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    asaas.pay(charge.external_id)
    work(charge)
    assert (charge.state, charge.is_leaving, charge.try_at) == ("paid", False, None)
    assert not Activity.objects.filter(verb="charge.withdrawn").exists()


def test_an_outage_is_waited_out(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = issued(entry)
    cash(entry, "150.00")
    asaas.breaks = True
    work(charge)
    assert (charge.state, charge.is_leaving, charge.attempts) == ("issued", True, 1)
    asaas.breaks = False
    assert charge.try_at is not None
    assert charges.retry(now=charge.try_at) == 1
    assert work(charge).state == "removed"


def test_withdrawn_before_the_provider_heard_of_it(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    cash(entry, "150.00")
    assert work(charge).state == "removed"
    assert work(charge).state == "removed"
    assert asaas.payments == []


def test_withdrawn_although_the_answer_was_lost(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed()
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    asaas.lose_answer_of = "POST /payments"
    work(charge)
    services.cancel_entry(entry, actor=None)
    assert work(charge).state == "removed"
    assert [one["deleted"] for one in asaas.payments] == [True]


def test_withdrawn_while_it_was_being_issued(connected: ProviderAccount, asaas: Fake) -> None:
    """One task is still speaking to the provider when another finds nothing there to withdraw."""
    entry = owed()
    charge = charges.ask_for_charge(entry, actor=None, now=NOW)
    stale = ProviderCharge.objects.get(pk=charge.pk)
    found = charges._brought(charges.provider_of(connected), stale, NOW)
    asaas.payments[0]["deleted"] = True  # not to be seen yet
    cash(entry, "150.00")
    assert work(charge).state == "removed"
    asaas.payments[0]["deleted"] = False
    outcomes.apply(charge.pk, found, NOW, heard=stale.heard)
    charge.refresh_from_db()
    assert charge.is_leaving
    assert charge.try_at is not None
    assert (work(charge).is_leaving, asaas.payments[0]["deleted"]) == (False, True)


def test_an_entry_with_a_charge_is_not_deleted(connected: ProviderAccount, asaas: Fake, browser: Browser) -> None:
    entry = owed()
    charge = issued(entry)
    with pytest.raises(ChargeStands):
        services.delete_entry(entry, actor=None)
    assert browser.post(f"/entries/{entry.pk}/removal/").status_code == 409
    services.cancel_entry(entry, actor=None)
    with pytest.raises(ChargeStands):
        services.delete_entry(entry, actor=None)
    work(charge)
    services.delete_entry(entry, actor=None)
    assert not Entry.objects.exists()


# -- By night ------------------------------------------------------------------------------------------------------


def night() -> dict[str, int]:
    """The comparison, and the tasks it asks for."""
    PendingJob.objects.all().delete()
    told = following.compare(now=NOW)
    for one in PendingJob.objects.filter(name="finance.work_on_charge"):
        charges.work_on(one.arguments["charge_id"], now=NOW)
    return told


def test_what_no_webhook_told_is_found_by_night(connected: ProviderAccount, asaas: Fake) -> None:
    paid, removed, open_ = (issued(owed(document=one)) for one in ("52998224725", "11144477735", "39053344705"))
    asaas.pay(paid.external_id)
    asaas.payment(removed.external_id)["deleted"] = True
    assert night() == {"compared": 3, "withdrawn": 0}
    states = {one.pk: one.state for one in ProviderCharge.objects.all()}
    assert states == {paid.pk: "paid", removed.pk: "removed", open_.pk: "issued"}
    assert Payment.objects.get().entry_id == paid.entry_id
    assert night()["compared"] == 2  # what is paid is looked at for a while: the money may go back
    assert Payment.objects.count() == 1


def test_a_refund_that_nobody_told_of(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    asaas.pay(charge.external_id, on=current.today().isoformat())
    work(charge)
    asaas.payment(charge.external_id)["status"] = "REFUNDED"
    night()
    charge.refresh_from_db()
    assert charge.state == "returned"
    assert Payment.objects.get().reversal_id is not None


def test_what_was_settled_past_the_services_is_withdrawn_by_night(connected: ProviderAccount, asaas: Fake) -> None:
    charge = issued(owed())
    Entry.objects.update(paid=150)
    assert night() == {"compared": 0, "withdrawn": 1}
    assert asaas.payments[0]["deleted"]
    charge.refresh_from_db()
    assert charge.state == "removed"


def test_only_firms_with_something_open_are_visited(
    connected: ProviderAccount, asaas: Fake, acme: Organization
) -> None:
    assert following.next_comparison(NOW) is None
    charge = issued(owed())
    marked = DueWork.objects.get(schema_name=acme.schema_name, job=bells.COMPARE)
    assert NOW < marked.due_at <= NOW + timedelta(days=1)
    assert following.next_comparison(NOW) is not None
    ProviderAccount.objects.update(state="failed")
    assert following.next_comparison(NOW) is None
    assert following.compare(now=NOW) == {}
    ProviderAccount.objects.update(state="ready")
    charges.withdraw(charge, actor=None, now=NOW)
    work(charge)
    assert following.next_comparison(NOW) is None


def test_owners_see_the_job_by_name(desk_page: str) -> None:
    assert "Compare charges with Asaas" in desk_page
    assert any(job.name == bells.COMPARE and job.label for job in all_jobs())


@pytest.fixture
def desk_page(connected: ProviderAccount, asaas: Fake, browser: Browser) -> str:
    issued(owed())
    return str(browser.get("/settings/jobs/").content.decode())
