"""The adapter against an Asaas that refuses what the real one does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared_apps.core.ids import uuid7
from tenant_apps.finance.providers.asaas import Asaas
from tenant_apps.finance.providers.base import Away, Payer, Refused, State, Wanted
from tests.finance.providers.fake_asaas import KEY, Fake

ANA = Payer(uuid7(), "Ana", "52998224725", email="ana@clients.example")


def wanted(**changes: Any) -> Wanted:
    given = {"reference": "ref-1", "payer": ANA, "amount": Decimal("98.01"), "due_on": date(2099, 1, 10)}
    return Wanted(**{**given, "description": "Limpeza", **changes})


def test_issues_with_what_a_payer_needs(asaas: Fake) -> None:
    charge = Asaas(KEY).issue(
        wanted(late_fee=Decimal(2), interest=Decimal(1), discount=Decimal(5), discount_until=date(2099, 1, 7))
    )
    assert (charge.state, charge.amount, charge.reference) == (State.OPEN, Decimal("98.01"), "ref-1")
    assert charge.page.startswith("https://")
    assert charge.pix.startswith("000201")
    assert len(charge.boleto) == 47
    sent = asaas.payments[0]
    assert sent["fine"] == {"value": 2.0, "type": "PERCENTAGE"}
    assert sent["discount"] == {"value": 5.0, "dueDateLimitDays": 3, "type": "FIXED"}
    assert asaas.customers[0]["notificationDisabled"] is True


def test_a_lost_answer_issues_no_second_charge(asaas: Fake) -> None:
    asaas.lose_answer_of = "POST /payments"
    with pytest.raises(Away):
        Asaas(KEY).issue(wanted())
    charge = Asaas(KEY).issue(wanted())
    assert charge.id == asaas.payments[0]["id"]
    assert (len(asaas.payments), len(asaas.customers)) == (1, 1)


def test_one_that_was_removed_is_issued_anew(asaas: Fake) -> None:
    first = Asaas(KEY).issue(wanted())
    Asaas(KEY).remove(first.id)
    assert Asaas(KEY).fetch(first.id).state is State.GONE
    Asaas(KEY).remove(first.id)  # gone is gone
    assert Asaas(KEY).issue(wanted()).id != first.id


def test_what_was_paid_is_not_removed(asaas: Fake) -> None:
    charge = Asaas(KEY).issue(wanted())
    asaas.pay(charge.id, 100.03)
    Asaas(KEY).remove(charge.id)
    found = Asaas(KEY).fetch(charge.id)
    assert (found.state, found.amount, found.paid_on, found.method) == (
        State.PAID, Decimal("100.03"), date(2026, 11, 20), "pix",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CONFIRMED", State.PAID), ("RECEIVED_IN_CASH", State.PAID), ("OVERDUE", State.OPEN),
        ("REFUNDED", State.RETURNED), ("CHARGEBACK_DISPUTE", State.DISPUTED),
        ("REFUND_IN_PROGRESS", State.UNKNOWN), ("AWAITING_CHARGEBACK_REVERSAL", State.UNKNOWN),
        ("A_NEW_WORD", State.UNKNOWN),
    ],
)  # fmt: skip
def test_its_words_become_ours(asaas: Fake, status: str, state: State) -> None:
    charge = Asaas(KEY).issue(wanted())
    asaas.payment(charge.id)["status"] = status
    assert Asaas(KEY).fetch(charge.id).state is state


def test_refusals_are_told_and_failures_are_tried_again(asaas: Fake) -> None:
    with pytest.raises(Refused, match="menor que"):
        Asaas(KEY).issue(wanted(amount=Decimal(1)))
    with pytest.raises(Refused, match="CPF"):
        Asaas(KEY).issue(wanted(payer=Payer(uuid7(), "Bia", "1")))
    with pytest.raises(Refused) as refusal:
        Asaas("$aact_hmlg_wrong").check()
    assert refusal.value.is_key
    with pytest.raises(Refused):
        Asaas(KEY).fetch("../customers")
    asaas.breaks = True
    with pytest.raises(Away):
        Asaas(KEY).check()


def test_nobody_there_is_away(settings: Any) -> None:
    settings.ASAAS_SANDBOX_URL = "http://127.0.0.1:9/v3"
    with pytest.raises(Away):
        Asaas(KEY).check()


def test_listens_once_with_the_newest_token(asaas: Fake) -> None:
    for token in ("a" * 40, "b" * 40):
        Asaas(KEY).listen("https://acme.example/webhooks/x/", token)
    [hook] = asaas.webhooks
    assert hook["authToken"] == "b" * 40
    assert "PAYMENT_RECEIVED" in hook["events"]
