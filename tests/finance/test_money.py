"""Cents: sums that are exact, half to even, and days that months do not have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.errors import FieldError
from tenant_apps.finance import days, money
from tenant_apps.finance.charges import allocated, due_amount
from tenant_apps.finance.errors import Overpaid
from tenant_apps.finance.models import Entry

cents = st.integers(1, 10**12 - 1).map(lambda number: Decimal(number) / 100)


@given(amount=cents, parts=st.integers(1, 120))
def test_parts_add_up_to_the_whole_and_differ_by_a_cent(amount: Decimal, parts: int) -> None:
    found = money.split(amount, parts)
    assert len(found) == parts
    assert sum(found) == amount
    assert max(found) - min(found) <= Decimal("0.01")
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("given_", "cent"), [("0.005", "0.00"), ("0.015", "0.02"), ("2.675", "2.68"), ("1.0051", "1.01")]
)
def test_a_half_goes_to_the_even_cent(given_: str, cent: str) -> None:
    assert money.rounded(Decimal(given_)) == Decimal(cent)


@pytest.mark.parametrize("typed", ["0", "-1", "0.001", "1e30", "NaN", "Infinity", "-0.01", "10000000000", "ten", ""])
def test_what_is_no_amount_names_its_field(typed: str) -> None:
    with pytest.raises(FieldError) as refused:
        money.amount("amount", typed)
    assert refused.value.field == "amount"


def test_the_31st_is_the_last_day_where_there_is_none() -> None:
    assert [days.shifted(date(2026, 1, 31), n, anchor=31) for n in range(4)] == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip
    assert days.shifted(date(2026, 1, 15), -13) == date(2024, 12, 15)


def entry(**given_: object) -> Entry:
    usual = {"amount": Decimal(1000), "due_on": date(2026, 1, 10), "late_fee": Decimal(2), "interest": Decimal(1)}
    return Entry(**{**usual, **given_})


def test_late_fee_once_and_interest_by_the_day() -> None:
    due = due_amount(entry(), on=date(2026, 1, 25))
    assert (due.late_fee, due.interest, due.total) == (Decimal("20.00"), Decimal("5.00"), Decimal("1025.00"))
    assert due_amount(entry(), on=date(2026, 1, 10)).total == Decimal(1000)
    assert due_amount(entry(paid=Decimal(900)), on=date(2026, 1, 25)).total == Decimal("102.50")


def test_a_discount_holds_until_its_day() -> None:
    early = entry(discount=Decimal(50), discount_until=date(2026, 1, 5))
    assert due_amount(early, on=date(2026, 1, 5)).total == Decimal(950)
    assert due_amount(early, on=date(2026, 1, 6)).total == Decimal(1000)
    assert due_amount(entry(discount=Decimal(50)), on=date(2026, 1, 10)).total == Decimal(950)


@given(
    amount=st.integers(1, 10**9).map(lambda number: Decimal(number) / 100),
    paid=st.integers(0, 10**9).map(lambda number: Decimal(number) / 100),
    fee=st.decimals(0, 100, places=2),
    late=st.integers(-40, 400),
    share=st.fractions(0, 1),
)
def test_what_is_received_never_settles_more_than_is_open(
    amount: Decimal, paid: Decimal, fee: Decimal, late: int, share: object
) -> None:
    owed = entry(
        amount=amount, paid=min(paid, amount), late_fee=fee, interest=fee, discount=min(Decimal(1), amount / 2)
    )
    owed.discount = money.rounded(owed.discount)
    day = date.fromordinal(owed.due_on.toordinal() + late)
    due = due_amount(owed, on=day)
    assert due.total >= 0
    whole = max(due.total, due.principal)
    part = money.rounded(whole * Decimal(share.numerator) / Decimal(share.denominator))  # type: ignore[attr-defined]
    if 0 < part <= whole:
        extra, discount = allocated(owed, part, on=day)
        assert 0 <= extra < part
        assert 0 <= part - extra + discount <= owed.open_amount
    if due.total:
        extra, discount = allocated(owed, due.total, on=day)
        assert due.total - extra + discount == owed.open_amount
    with pytest.raises(Overpaid):
        allocated(owed, whole + Decimal("0.01"), on=day)
