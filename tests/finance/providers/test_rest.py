"""Paid in part by hand, a charge is replaced by one of the rest: never two at once, never more than is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from shared_apps.organizations.models import Organization
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.providers import charges, following
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tests.finance.providers.conftest import DUE, owed
from tests.finance.providers.fake_asaas import Fake
from tests.finance.providers.test_charges import NOW, issued, work
from tests.finance.providers.test_following import cash

pytestmark = pytest.mark.usefixtures("inside")


def work_all() -> None:
    """What the tasks do, until nothing is asked for any more."""
    for _ in range(4):
        for one in ProviderCharge.objects.filter(try_at__isnull=False):
            charges.work_on(one.pk, now=NOW)


def open_there(asaas: Fake) -> list[float]:
    return [one["value"] for one in asaas.payments if not one["deleted"] and one["status"] == "PENDING"]


CHANGES: dict[str, tuple[Callable[[Entry], Any], list[float]]] = {
    "paid in part": (lambda entry: cash(entry, "50.00"), [100]),
    "paid in two parts": (lambda entry: (cash(entry, "50.00"), cash(entry, "30.00")), [70]),
    "another amount": (lambda entry: services.update_entry(entry, actor=None, amount=Decimal(140)), [140]),
    "another day": (lambda entry: services.update_entry(entry, actor=None, due_on=DUE + timedelta(days=1)), [150]),
    "paid": (lambda entry: cash(entry, "150.00"), []),
    "cancelled": (lambda entry: services.cancel_entry(entry, actor=None), []),
}


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("change", CHANGES)
def test_the_rest_is_charged_by_itself(connected: ProviderAccount, asaas: Fake, change: str, is_known: bool) -> None:
    entry = owed("150.00")
    if is_known:
        issued(entry)
    else:
        charges.ask_for_charge(entry, actor=None, now=NOW)
    happens, left = CHANGES[change]
    happens(entry)
    work_all()
    assert open_there(asaas) == left
    assert ProviderCharge.objects.standing().count() == len(left)
    assert not ProviderCharge.objects.exclude(try_at=None).exists()


def test_between_parts_it_is_replaced_again(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    issued(entry)
    for paid, left in [("50.00", [100]), ("40.00", [60]), ("60.00", [])]:
        cash(entry, paid)
        work_all()
        assert open_there(asaas) == left
    assert ProviderCharge.objects.count() == 3


def test_a_payment_taken_back_is_charged_again(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    issued(entry)
    paid = cash(entry, "50.00")
    work_all()
    services.reverse_payment(paid, actor=None)
    work_all()
    assert open_there(asaas) == [150]


def test_the_old_one_is_gone_before_the_new_one_comes(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    issued(entry)
    asaas.calls.clear()
    asaas.breaks = True
    cash(entry, "50.00")
    work_all()
    assert ProviderCharge.objects.count() == 1  # away: nothing is issued beside the one that is open
    asaas.breaks = False
    first = ProviderCharge.objects.get()
    assert first.try_at is not None
    assert charges.retry(now=first.try_at) == 1
    work_all()
    moves = [one.split()[0] for one in asaas.calls if not one.startswith("GET") and "payments" in one]
    assert moves == ["DELETE", "POST"]
    assert open_there(asaas) == [100]


def test_what_is_withdrawn_by_hand_stays_away(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    charges.withdraw(issued(entry), actor=None, now=NOW)
    cash(entry, "50.00")
    work_all()
    assert open_there(asaas) == []
    assert ProviderCharge.objects.count() == 1


def test_asked_for_while_it_leaves_it_comes_back(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    charges.withdraw(charge, actor=None, now=NOW)
    assert charges.ask_for_charge(entry, actor=None, now=NOW) == charge
    work_all()
    assert open_there(asaas) == [150]


def test_the_old_one_paid_meanwhile_counts_and_no_new_one_comes(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    services.update_entry(entry, actor=None, due_on=DUE + timedelta(days=1))
    asaas.pay(charge.external_id)
    work_all()
    assert (work(charge).state, Payment.objects.count(), ProviderCharge.objects.count()) == ("paid", 1, 1)


def test_too_much_paid_by_an_old_charge_is_shown_until_somebody_settles_it(
    connected: ProviderAccount, asaas: Fake, browser: Browser
) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    asaas.breaks = True
    cash(entry, "60.00")
    asaas.breaks = False
    asaas.pay(charge.external_id)
    for _ in range(2):  # asked about again, it says so still
        work(charge)
        entry.refresh_from_db()
        assert (charge.state, charge.payment.amount, charge.payment.extra) == ("paid", Decimal(90), 0)
        assert (entry.open_amount, "60" in charge.problem) == (Decimal(0), True)
    assert charge.problem in browser.get("/entries/").content.decode()
    assert browser.post(f"/provider-charges/{entry.pk}/settlement/").status_code == 302
    assert work(charge).problem == ""
    assert "settled" in browser.get(f"/entries/{entry.pk}/").content.decode()


def test_what_the_provider_would_not_let_go_is_tried_by_night(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    charge = issued(entry)
    asaas.refuses = "DELETE"
    cash(entry, "50.00")
    work_all()
    charge.refresh_from_db()
    assert (charge.is_leaving, bool(charge.problem)) == (False, True)
    asaas.refuses = ""
    assert following.compare(now=NOW)["withdrawn"] == 1
    work_all()
    assert open_there(asaas) == [100]


def test_an_account_that_is_gone_issues_nothing(connected: ProviderAccount, asaas: Fake) -> None:
    entry = owed("150.00")
    issued(entry)
    cash(entry, "50.00")
    ProviderAccount.objects.update(state="failed")
    work_all()
    assert (open_there(asaas), ProviderCharge.objects.count()) == ([], 1)


def test_the_client_s_page_shows_the_rest(
    connected: ProviderAccount, asaas: Fake, pages: Callable[..., Browser], acme: Organization
) -> None:
    entry = owed("150.00")
    path = urlsplit(services.make_link(entry, actor=None, now=datetime.now(UTC))).path
    first = issued(entry)
    cash(entry, "50.00")
    anybody = pages(None, acme)
    assert first.pix not in anybody.get(path).content.decode()  # from the payment on nobody is shown the old one
    work_all()
    page = anybody.get(path).content.decode()
    new = ProviderCharge.objects.standing().get()
    assert "100.00" in page
    assert new.pix in page
    assert first.pix not in page
