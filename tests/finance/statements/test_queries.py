"""Every statement is exact: its parts add up to the whole, counted another way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenant_apps.finance.models import Entry, Kind, Payment
from tenant_apps.finance.statements.ageing import ageing, bounds
from tenant_apps.finance.statements.cash_flow import cash_flow
from tenant_apps.finance.statements.client import account
from tenant_apps.finance.statements.income import income
from tenant_apps.finance.statements.periods import Period, months_around
from tests.factories.clients import ClientFactory
from tests.finance.statements.conftest import TODAY, books, entry, paid

pytestmark = pytest.mark.usefixtures("inside")
SEEDS = range(4)
YEAR = months_around(TODAY, before=13, after=14)


def in_python(kind: str, payments: list[Payment]) -> Decimal:
    return sum((one.amount for one in payments if one.entry.kind == kind), Decimal(0))


@pytest.mark.parametrize("seed", SEEDS)
def test_cash_flow_adds_up(seed: int) -> None:
    books(seed)
    flow = cash_flow(YEAR, today=TODAY, opening=Decimal("1234.56"))
    payments = [one for one in Payment.objects.select_related("entry") if one.reversal_id is None]
    due = [one for one in Entry.objects.all() if one.cancellation_id is None and one.paid < one.amount]
    assert flow.total("came") == in_python("receivable", payments)
    assert flow.total("went") == in_python("payable", payments)
    open_in = sum((one.open_amount for one in due if one.kind == "receivable"), Decimal(0))
    open_out = sum((one.open_amount for one in due if one.kind == "payable"), Decimal(0))
    assert flow.total("to_come") + flow.late_in == open_in
    assert flow.total("to_go") + flow.late_out == open_out
    assert flow.late_in == sum(
        (one.open_amount for one in due if one.kind == "receivable" and one.due_on < TODAY), Decimal(0)
    )
    assert flow.closing == Decimal("1234.56") + flow.total("net")


@pytest.mark.parametrize("seed", SEEDS)
def test_days_add_up_to_their_month(seed: int) -> None:
    books(seed)
    month = months_around(TODAY, before=0, after=0)
    by_day, by_month = cash_flow(month, today=TODAY, by="day"), cash_flow(month, today=TODAY)
    assert by_day.totals == by_month.totals
    assert by_day.closing == by_month.closing
    assert len(by_day.rows) == 30


@pytest.mark.parametrize("seed", SEEDS)
def test_ageing_adds_up_in_both_directions(seed: int) -> None:
    books(seed)
    found = ageing(today=TODAY, size=None)
    assert found.total == sum(found.totals) == sum(row.total for row in found.rows)
    for row in found.rows:
        assert row.total == sum(row.amounts)
    for number in range(5):
        assert found.totals[number] == sum(row.amounts[number] for row in found.rows)
    whole = Entry.objects.open().receivable()
    assert found.total == sum(one.open_amount for one in whole)
    paged = [row for page in (1, 2, 3, 4) for row in ageing(today=TODAY, page=page, size=2).rows]
    assert paged == found.rows[:8]


def test_every_day_has_exactly_one_age() -> None:
    for late in range(-3, 200):
        due = TODAY - timedelta(days=late)
        within = [
            number
            for number, (first, last) in enumerate(bounds(TODAY))
            if (first is None or first <= due) and (last is None or due <= last)
        ]
        assert within == [0 if late <= 0 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_income_adds_up(seed: int, basis: str) -> None:
    books(seed)
    found = income(YEAR, basis=basis)
    for kind in Kind:
        assert sum(found.totals(kind)) == found.total(kind)
        if basis == "accrual":
            expected = sum(
                (one.amount for one in Entry.objects.standing() if one.kind == kind), Decimal(0)
            )  # fmt: skip
        else:
            expected = in_python(kind, list(Payment.objects.standing().select_related("entry")))
        assert found.total(kind) == expected
    assert sum(found.results) == found.result


@pytest.mark.parametrize("seed", SEEDS)
def test_an_account_ends_with_what_is_open(seed: int) -> None:
    for client in books(seed):
        whole = account(client, YEAR)
        open_now = sum((one.open_amount for one in client.entries.standing().receivable()), Decimal(0))  # type: ignore[attr-defined]
        assert whole.closing == open_now
        assert whole.lines[-1].balance == open_now
        split = TODAY - timedelta(days=40)
        first = account(client, Period(YEAR.start, split))
        second = account(client, Period(split + timedelta(days=1), YEAR.end))
        assert second.opening == first.closing
        assert second.closing == whole.closing


def test_late_fee_and_discount_leave_the_account_exact() -> None:
    ana = ClientFactory(name="Ana")
    late = entry("100.00", date(2026, 10, 1), client=ana)
    paid(late, "103.50", date(2026, 10, 20), extra="3.50")
    early = entry("200.00", date(2026, 11, 30), client=ana)
    paid(early, "190.00", date(2026, 11, 20), discount="10.00")
    found = account(ana, Period(date(2026, 10, 1), date(2026, 11, 30)))
    assert [line.balance for line in found.lines] == [Decimal(100), Decimal(0), Decimal(-200), Decimal(0)]
    assert [line.paid for line in found.lines if not line.is_charge] == [Decimal("103.50"), Decimal("190.00")]


def test_what_is_not_money_any_more_counts_nowhere() -> None:
    gone = entry("50.00", TODAY)
    paid(gone, "50.00", TODAY, reversed=True)
    flow = cash_flow(months_around(TODAY, before=0, after=0), today=TODAY)
    assert (flow.total("came"), flow.total("to_come")) == (Decimal(0), Decimal(50))


def test_statements_cost_few_statements() -> None:
    ana = books(1, 20)[0]
    for ask, most in [
        (lambda: cash_flow(YEAR, today=TODAY), 2),
        (lambda: ageing(today=TODAY), 2),
        (lambda: income(YEAR), 1),
        (lambda: account(ana, YEAR), 4),
    ]:
        with CaptureQueriesContext(connection) as asked:
            ask()
        assert len(asked) == most
