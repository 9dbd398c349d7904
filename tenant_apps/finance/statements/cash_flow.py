"""Cash flow: what came in and went out, day by day or month by month, and what is still to come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, DateField, DecimalField, F, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncMonth

from tenant_apps.finance.models import Entry, Kind, Payment
from tenant_apps.finance.statements.periods import Period

ZERO = Decimal("0.00")
MONEY = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Row:
    """`to_come` and `to_go` are open amounts due in it, from today on; `balance` is all of it added up to its end."""

    period: Period
    came: Decimal
    went: Decimal
    to_come: Decimal
    to_go: Decimal
    balance: Decimal

    @property
    def is_projected(self) -> bool:
        return bool(self.to_come or self.to_go)

    @property
    def net(self) -> Decimal:
        return self.came - self.went + self.to_come - self.to_go


@dataclass(frozen=True, slots=True)
class CashFlow:
    """`late_in` and `late_out` are open and were due in the period before today: in no row, for nobody knows when."""

    period: Period
    by: str
    opening: Decimal
    rows: list[Row]
    late_in: Decimal
    late_out: Decimal

    def total(self, name: str) -> Decimal:
        return sum((getattr(row, name) for row in self.rows), ZERO)

    @property
    def totals(self) -> dict[str, Decimal]:
        return {name: self.total(name) for name in ("came", "went", "to_come", "to_go", "net")}

    @property
    def closing(self) -> Decimal:
        return self.rows[-1].balance if self.rows else self.opening


def cash_flow(period: Period, *, today: date, by: str = "month", opening: Decimal = ZERO) -> CashFlow:
    """Two statements, however long the period. `by`: "day" or "month"."""
    moved = _moved(period, by)
    due = _due(period, by, today)
    rows: list[Row] = []
    balance = opening
    for first in period.days() if by == "day" else period.months():
        came, went = moved[first, Kind.RECEIVABLE], moved[first, Kind.PAYABLE]
        to_come, to_go = due[first, Kind.RECEIVABLE, False], due[first, Kind.PAYABLE, False]
        balance += came - went + to_come - to_go
        rows.append(Row(period.part(first, by=by), came, went, to_come, to_go, balance))
    late = {kind: sum((due[key] for key in due if key[1:] == (kind, True)), ZERO) for kind in Kind}
    return CashFlow(period, by, opening, rows, late[Kind.RECEIVABLE], late[Kind.PAYABLE])


def _moved(period: Period, by: str) -> defaultdict[tuple[date, str], Decimal]:
    paid = Payment.objects.standing().filter(paid_on__range=(period.start, period.end))
    found = paid.values(bucket=_bucket("paid_on", by), kind=F("entry__kind")).annotate(total=Sum("amount")).order_by()
    sums: defaultdict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)
    for row in found:
        sums[row["bucket"], row["kind"]] += row["total"]
    return sums


def _due(period: Period, by: str, today: date) -> defaultdict[tuple[date, str, bool], Decimal]:
    is_late = Case(When(due_on__lt=today, then=Value(True)), default=Value(False))
    due = Entry.objects.open().filter(due_on__range=(period.start, period.end))
    grouped = due.annotate(bucket=_bucket("due_on", by), is_late=is_late).values("bucket", "kind", "is_late")
    sums: defaultdict[tuple[date, str, bool], Decimal] = defaultdict(lambda: ZERO)
    for row in grouped.annotate(total=Sum(F("amount") - F("paid"), output_field=MONEY)).order_by():
        sums[row["bucket"], row["kind"], row["is_late"]] += row["total"]
    return sums


def _bucket(field: str, by: str) -> Combinable:
    return Cast(F(field), DateField()) if by == "day" else TruncMonth(field, output_field=DateField())
