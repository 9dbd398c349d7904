"""Income statement: what was earned and spent, by category and month.

Accrual counts an entry in the month it was issued for; cash counts a payment in the month the money moved. Of a payment
the late fee and interest are a line of their own, so that a category's line says what was sold.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from tenant_apps.finance.models import Entry, Kind, Payment
from tenant_apps.finance.statements.cash_flow import MONEY, ZERO
from tenant_apps.finance.statements.periods import Period

BASES = ("accrual", "cash")


@dataclass(slots=True)
class IncomeRow:
    """A category, or None for entries that have none; `is_extra`: late fees and interest of all categories."""

    kind: str
    category_id: UUID | None
    name: str
    is_extra: bool = False
    amounts: defaultdict[date, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Income:
    period: Period
    basis: str
    months: list[date]
    rows: list[IncomeRow]

    def of(self, kind: str) -> list[IncomeRow]:
        return [row for row in self.rows if row.kind == kind]

    def totals(self, kind: str) -> list[Decimal]:
        """By month."""
        return [sum((row.amounts[month] for row in self.of(kind)), ZERO) for month in self.months]

    def total(self, kind: str) -> Decimal:
        return sum((row.total for row in self.of(kind)), ZERO)

    @property
    def results(self) -> list[Decimal]:
        """By month: what is left."""
        pairs = zip(self.totals(Kind.RECEIVABLE), self.totals(Kind.PAYABLE), strict=True)
        return [earned - spent for earned, spent in pairs]

    @property
    def result(self) -> Decimal:
        return self.total(Kind.RECEIVABLE) - self.total(Kind.PAYABLE)


def income(period: Period, *, basis: str = "accrual") -> Income:
    """One statement. `basis`: see BASES."""
    rows: dict[tuple[str, UUID | None, bool], IncomeRow] = {}
    for one in _accrued(period) if basis == "accrual" else _moved(period):
        key = one["kind"], one["category_id"], False
        row = rows.setdefault(key, IncomeRow(one["kind"], one["category_id"], one["label"] or _("No category")))
        row.amounts[one["month"]] += one["total"]
        if one["extra"]:
            extra = rows.setdefault(
                (one["kind"], None, True), IncomeRow(one["kind"], None, _("Late fees and interest"), is_extra=True)
            )
            extra.amounts[one["month"]] += one["extra"]
    listed = sorted(rows.values(), key=lambda row: (row.is_extra, row.category_id is None, -row.total, row.name))
    return Income(period, basis, list(period.months()), listed)


def _accrued(period: Period) -> list[dict]:
    entries = Entry.objects.standing().filter(issued_on__range=(period.start, period.end))
    month = TruncMonth("issued_on", output_field=DateField())
    grouped = entries.values("kind", "category_id", month=month, label=F("category__name"))
    return [{**row, "extra": ZERO} for row in grouped.annotate(total=Sum("amount")).order_by()]


def _moved(period: Period) -> list[dict]:
    paid: QuerySet[Any, Any] = Payment.objects.standing().filter(paid_on__range=(period.start, period.end))
    named: dict[str, Any] = {
        "kind": F("entry__kind"), "category_id": F("entry__category_id"), "label": F("entry__category__name"),
        "month": TruncMonth("paid_on", output_field=DateField()),
    }  # fmt: skip
    sums = {"total": Sum(F("amount") - F("extra"), output_field=MONEY), "extra": Sum("extra")}
    return list(paid.values(**named).annotate(**sums).order_by())
