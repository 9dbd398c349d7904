"""Entries and payments: what is allowed, what is not, and what is left afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared_apps.core.errors import DomainError, FieldError, Stale
from shared_apps.organizations import current
from tenant_apps.activity.queries import activity_of
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client
from tenant_apps.finance import errors, services
from tenant_apps.finance.models import Category, Entry, Payment
from tenant_apps.team.models import Member
from tests.finance.conftest import JAN_10, Owes

pytestmark = pytest.mark.django_db
PIX: dict[str, Any] = {"method": "pix", "paid_on": JAN_10}


def test_instalments_come_a_month_apart_and_add_up(owes: Owes, me: Member) -> None:
    first = owes(amount=Decimal(100), due_on=date(2026, 1, 31), instalments=3, actor=me)
    made = list(Entry.objects.filter(instalment_group=first.pk).order_by("instalment"))
    assert [one.due_on for one in made] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert [one.amount for one in made] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert {one.instalments for one in made} == {3}
    assert activity_of(first).count() == 1


def test_sent_twice_an_entry_is_made_once(owes: Owes) -> None:
    first = owes(instalments=2)
    again = services.create_entry(
        id=first.pk, actor=None, kind="receivable", description="X", amount=Decimal(5), due_on=JAN_10
    )
    assert [one.amount for one in again] == [Decimal(50), Decimal(50)]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal("-5")}),
        ("amount", {"amount": Decimal("1e12")}),
        ("amount", {"amount": Decimal("0.005")}),
        ("description", {"description": "  "}),
        ("description", {"description": "x" * 201}),
        ("discount", {"discount": Decimal(100)}),
        ("discount_until", {"discount_until": date(2026, 1, 11)}),
        ("due_on", {"due_on": date(1, 1, 1)}),
        ("late_fee", {"late_fee": Decimal(101)}),
        ("interest", {"interest": Decimal(-1)}),
        ("kind", {"kind": "gift"}),
        ("instalments", {"instalments": 0}),
        ("instalments", {"instalments": 10**9}),
        ("instalments", {"amount": Decimal("0.01"), "instalments": 2}),
        ("instalments", {"due_on": date(2099, 12, 1), "instalments": 3}),
    ],
)
def test_bad_input_names_its_field(owes: Owes, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(FieldError) as refused:
        owes(**given)
    assert refused.value.field == field
    assert not Entry.objects.exists()


def test_nothing_new_for_who_is_archived(owes: Owes, ana: Client) -> None:
    clients.archive_client(ana, actor=None)
    ana.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        owes(client=ana)
    assert refused.value.code == "client_archived"


def test_a_part_then_the_rest(owes: Owes, me: Member) -> None:
    entry = owes()
    services.pay_entry(entry, actor=me, amount=Decimal(40), **PIX)
    entry.refresh_from_db()
    assert (entry.paid, entry.open_amount, entry.settled_on) == (Decimal(40), Decimal(60), None)
    services.pay_entry(entry, actor=me, amount=Decimal(60), method="cash", paid_on=date(2026, 1, 12))
    entry.refresh_from_db()
    assert (entry.open_amount, entry.settled_on) == (Decimal(0), date(2026, 1, 12))
    with pytest.raises(errors.EntryPaid):
        services.pay_entry(entry, actor=me, amount=Decimal(1), **PIX)


def test_more_than_is_open_is_refused_with_what_is(owes: Owes) -> None:
    entry = owes()
    with pytest.raises(errors.Overpaid) as refused:
        services.pay_entry(entry, actor=None, amount=Decimal("100.01"), **PIX)
    assert (refused.value.field, refused.value.extra["open"]) == ("amount", "100.00")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal(-1)}),
        ("extra", {"extra": Decimal(50)}),
        ("extra", {"extra": Decimal(-1)}),
        ("discount", {"discount": Decimal(-1)}),
        ("method", {"method": "shells"}),
        ("paid_on", {"paid_on": date(1999, 1, 1)}),
        ("paid_on", {"paid_on": date(2098, 1, 1)}),
    ],
)
def test_a_bad_payment_names_its_field(owes: Owes, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(FieldError) as refused:
        services.pay_entry(owes(), **{"actor": None, "amount": Decimal(50), **PIX, **given})
    assert refused.value.field == field


def test_paid_late_the_extra_is_no_part_of_the_debt(owes: Owes) -> None:
    entry = owes(late_fee=Decimal(2), interest=Decimal(1))
    payment = services.receive(entry, actor=None, amount=Decimal("102.50"), method="pix", paid_on=date(2026, 1, 25))
    entry.refresh_from_db()
    assert (payment.extra, entry.paid, entry.open_amount) == (Decimal("2.50"), Decimal(100), Decimal(0))


def test_paid_early_the_discount_settles_too(owes: Owes) -> None:
    entry = owes(discount=Decimal(10))
    payment = services.receive(entry, actor=None, amount=Decimal(90), **PIX)
    entry.refresh_from_db()
    assert (payment.discount, entry.open_amount) == (Decimal(10), Decimal(0))


def test_a_reversal_is_a_row_and_the_debt_is_back(owes: Owes, me: Member) -> None:
    entry = owes()
    payment = services.pay_entry(entry, actor=me, amount=Decimal(100), **PIX)
    services.reverse_payment(payment, actor=me, reason="bounced")
    entry.refresh_from_db()
    assert (entry.paid, entry.settled_on) == (Decimal(0), None)
    with pytest.raises(errors.AlreadyReversed):
        services.reverse_payment(payment, actor=me)
    services.cancel_entry(entry, actor=me)
    with pytest.raises(errors.HasPayments):
        services.delete_entry(entry, actor=me)


def test_a_cancelled_entry_takes_nothing_until_it_is_back(owes: Owes, me: Member) -> None:
    entry = owes()
    services.cancel_entry(entry, actor=me, reason="mistake")
    for refused in (
        lambda: services.pay_entry(entry, actor=me, amount=Decimal(1), **PIX),
        lambda: services.update_entry(entry, actor=me, amount=Decimal(1)),
        lambda: services.cancel_entry(entry, actor=me),
    ):
        with pytest.raises(errors.EntryCancelled):
            refused()
    services.restore_entry(entry, actor=me)
    assert services.pay_entry(entry, actor=me, amount=Decimal(1), **PIX).pk
    with pytest.raises(errors.HasPayments):
        services.cancel_entry(entry, actor=me)
    with pytest.raises(errors.EntryNotCancelled):
        services.restore_entry(entry, actor=me)


def test_what_is_paid_is_not_taken_back_by_an_edit(owes: Owes, me: Member) -> None:
    entry = owes()
    services.pay_entry(entry, actor=me, amount=Decimal(40), **PIX)
    with pytest.raises(FieldError) as refused:
        services.update_entry(entry, actor=me, amount=Decimal("39.99"))
    assert refused.value.extra["paid"] == "40.00"
    with pytest.raises(errors.HasPayments):
        services.update_entry(entry, actor=me, client=None)
    assert services.update_entry(entry, actor=me, amount=Decimal(40)).settled_on == JAN_10
    with pytest.raises(Stale):
        services.update_entry(entry, actor=me, expected=[1], description="Other")


def test_deleted_is_only_what_nobody_ever_paid(owes: Owes) -> None:
    entry = owes()
    services.cancel_entry(entry, actor=None)
    services.delete_entry(entry, actor=None)
    assert not Entry.objects.exists()


def test_many_are_paid_with_what_is_due_that_day(owes: Owes, me: Member) -> None:
    late, cancelled, paid = owes(late_fee=Decimal(2)), owes(), owes()
    services.cancel_entry(cancelled, actor=None)
    services.pay_entry(paid, actor=None, amount=Decimal(100), **PIX)
    made = services.pay_entries(
        [late.pk, cancelled.pk, paid.pk, me.pk], actor=me, method="cash", paid_on=date(2026, 1, 11)
    )
    assert [(one.entry_id, one.amount) for one in made] == [(late.pk, Decimal("102.00"))]


def test_the_first_categories_are_there_and_a_used_one_stays(owes: Owes, me: Member) -> None:
    services.ensure_categories()
    services.ensure_categories()
    income, cost = (Category.objects.filter(kind=kind).first() for kind in ("receivable", "payable"))
    assert income
    assert cost
    entry = owes(category=income)
    with pytest.raises(errors.CategoryInUse):
        services.remove_category(income, actor=me)
    with pytest.raises(errors.CategoryTaken):
        services.add_category(actor=me, name=income.name, kind="receivable")
    with pytest.raises(FieldError):
        services.update_entry(entry, actor=me, category=cost)
    services.change_category(income, actor=me, is_active=False)
    with pytest.raises(FieldError):
        owes(category=Category.objects.get(pk=income.pk))


def test_who_is_paid_into_which_key(me: Member) -> None:
    with pytest.raises(FieldError) as refused:
        services.update_policy(actor=me, pix_key="11.222.333/0001-81")
    assert refused.value.field == "pix_name"
    kept = services.update_policy(
        actor=me, pix_key="11.222.333/0001-81", pix_name="Acme Piscinas São João do Norte", pix_city="Jundiaí"
    )
    assert (kept.pix_key, kept.pix_name, kept.pix_city) == (
        "11222333000181", "Acme Piscinas Sao Joao do", "Jundiai",
    )  # fmt: skip
    for changes in ({"late_fee": Decimal(200)}, {"due_days": 9999}, {"link_days": 0}, {"pix_key": "x"}):
        with pytest.raises(FieldError):
            services.update_policy(actor=me, **changes)
    assert services.policy().pk == kept.pk


def test_today_is_the_organizations(me: Member) -> None:
    assert current.today(datetime(2026, 1, 1, 1, tzinfo=UTC)) == date(2025, 12, 31)
