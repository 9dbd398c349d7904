"""What comes back every month, what contracts charge, and what a visit charges when it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenant_apps.clients.models import Client
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry
from tenant_apps.scheduling.models import Appointment, Contract, ContractVariation
from tenant_apps.scheduling.signals import appointment_done, appointment_undone
from tenant_apps.team.models import Member

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 12, tzinfo=UTC)


def months(**given: Any) -> list[date | None]:
    return list(Entry.objects.filter(**given).order_by("period").values_list("period", flat=True))


def test_each_month_of_a_recurrence_is_made_once(me: Member) -> None:
    rent = services.create_recurrence(
        actor=me, today=date(2026, 1, 20), kind="payable", description="Rent", amount=Decimal(900), day=31,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 15),
    )  # fmt: skip
    assert months(recurrence=rent) == [date(2026, 1, 1)]
    assert services.generate_recurrences(today=date(2026, 1, 24)) == 0
    assert services.generate_recurrences(today=date(2026, 1, 25)) == 1
    assert services.generate_recurrences(today=date(2026, 6, 1)) == 1  # after an outage: March; April is past the end
    assert services.generate_recurrences(today=date(2026, 6, 1)) == 0
    due = list(Entry.objects.order_by("period").values_list("due_on", flat=True))
    assert due == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def contract(ana: Client, **given: Any) -> Contract:
    usual = {
        "client": ana, "title": "Pool", "rrule": "FREQ=WEEKLY", "starts_on": date(2026, 1, 1), "time": time(9),
        "billing": "advance", "price": Decimal(300), "billing_day": 10,
    }  # fmt: skip
    made = Contract.objects.create(**{**usual, **given})
    Contract.objects.filter(pk=made.pk).update(created_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    return made


def test_in_advance_a_month_is_charged_a_week_before_it_begins(ana: Client) -> None:
    pool = contract(ana)
    assert services.bill_contracts(today=date(2026, 1, 2)) == 1
    assert services.bill_contracts(today=date(2026, 1, 2)) == 0
    assert services.bill_contracts(today=date(2026, 1, 25)) == 1
    entries = Entry.objects.filter(contract=pool).order_by("period")
    assert [(one.period, one.due_on, one.amount) for one in entries] == [
        (date(2026, 1, 1), date(2026, 1, 10), Decimal(300)),
        (date(2026, 2, 1), date(2026, 2, 10), Decimal(300)),
    ]
    assert entries[0].category
    assert entries[0].client == ana


def test_in_arrears_a_month_is_charged_when_it_is_over(ana: Client) -> None:
    pool = contract(ana, billing="arrears", billing_day=31)
    assert services.bill_contracts(today=date(2026, 1, 31)) == 0
    assert services.bill_contracts(today=date(2026, 2, 1)) == 1
    entry = Entry.objects.get(contract=pool)
    assert (entry.period, entry.due_on) == (date(2026, 1, 1), date(2026, 2, 28))


def test_what_is_paused_over_or_not_monthly_is_not_charged(ana: Client) -> None:
    paused = contract(ana)
    ContractVariation.objects.create(contract=paused, starts_on=date(2025, 12, 15), ends_on=date(2026, 1, 31))
    winter = contract(ana)
    ContractVariation.objects.create(
        contract=winter, starts_on=date(2024, 12, 15), ends_on=date(2025, 1, 31), is_yearly=True
    )
    contract(ana, ends_on=date(2025, 12, 31), starts_on=date(2025, 1, 1))
    contract(ana, billing="visit")
    contract(ana, price=Decimal(0))
    assert services.bill_contracts(today=date(2026, 1, 5)) == 0


def test_a_month_that_two_contracts_share_is_charged_once(ana: Client) -> None:
    first = contract(ana, ends_on=date(2026, 1, 14))
    second = contract(ana, starts_on=date(2026, 1, 15), continues=first, price=Decimal(350))
    services.bill_contracts(today=date(2026, 1, 26))
    assert months(contract=first) == [date(2026, 1, 1)]
    assert months(contract=second) == [date(2026, 2, 1)]


def visit(ana: Client, **given: Any) -> Appointment:
    usual = {"client": ana, "starts_at": NINE, "ends_at": NINE + timedelta(hours=1), "price": Decimal(120)}
    return Appointment.objects.create(**{**usual, **given})


def done(appointment: Appointment) -> None:
    appointment_done.send(Appointment, appointment=appointment, actor=None)


def test_a_visit_that_is_done_is_charged_once(ana: Client) -> None:
    appointment = visit(ana)
    done(appointment)
    done(appointment)
    entry = Entry.objects.get()
    assert (entry.amount, entry.issued_on, entry.due_on) == (Decimal(120), date(2026, 3, 2), date(2026, 3, 9))
    appointment_undone.send(Appointment, appointment=appointment, actor=None)
    entry.refresh_from_db()
    assert entry.cancellation is not None
    appointment.price = Decimal(150)
    done(appointment)
    entry.refresh_from_db()
    assert entry.cancellation_id is None
    assert entry.amount == Decimal(150)


def test_what_was_paid_stays_when_the_visit_is_reopened(ana: Client) -> None:
    appointment = visit(ana)
    done(appointment)
    services.pay_entry(Entry.objects.get(), actor=None, amount=Decimal(1), method="pix", paid_on=date(2026, 3, 2))
    appointment_undone.send(Appointment, appointment=appointment, actor=None)
    assert Entry.objects.standing().count() == 1


def test_under_a_contract_the_visit_costs_what_the_contract_says(ana: Client) -> None:
    done(visit(ana, price=0))
    done(visit(ana, price=0, contract=contract(ana)))
    assert not Entry.objects.exists()
    done(visit(ana, price=0, contract=contract(ana, billing="visit", price=Decimal(80))))
    assert Entry.objects.get().amount == Decimal(80)
    done(visit(ana, price=Decimal(45), contract=contract(ana, billing="arrears")))
    extra = Entry.objects.get(amount=Decimal(45))
    assert (extra.due_on, extra.period) == (date(2026, 4, 10), None)
