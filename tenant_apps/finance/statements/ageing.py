"""Who owes, and since when: open receivables by the days they are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from tenant_apps.finance.models import Entry
from tenant_apps.finance.statements.cash_flow import MONEY, ZERO

BUCKETS = ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90")


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """One client; or, without a client, one payer as the entries name it. `amounts` are in the order of BUCKETS."""

    client_id: UUID | None
    name: str
    amounts: list[Decimal]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Ageing:
    today: date
    rows: list[AgeingRow]
    totals: list[Decimal]
    total: Decimal
    has_next: bool


def bounds(today: date) -> list[tuple[date | None, date | None]]:
    """For each bucket the first and the last due date in it."""

    def before(days: int) -> date:
        return today - timedelta(days=days)

    return [
        (today, None), (before(30), before(1)), (before(60), before(31)), (before(90), before(61)), (None, before(91)),
    ]  # fmt: skip


def ageing(*, today: date, page: int = 1, size: int | None = 100) -> Ageing:
    """Those who owe most come first; without a size all of them. Two statements."""
    due = Entry.objects.open().receivable()
    sums = dict(zip(BUCKETS, (_sum(_within(*bound)) for bound in bounds(today)), strict=True))
    whole: dict[str, Any] = due.aggregate(**sums, total=_sum(Q()))
    grouped: QuerySet[Any, Any] = due.annotate(
        name=Case(
            When(client__isnull=False, then=F("client__name")), default=F("party"), output_field=CharField()
        )
    ).values("client_id", "name")  # fmt: skip
    found = grouped.annotate(**sums, total=_sum(Q())).order_by("-total", "name", "client_id")
    if size is None:
        listed, has_next = list(found), False
    else:
        listed = list(found[(page - 1) * size : page * size + 1])
        listed, has_next = listed[:size], len(listed) > size
    rows = [
        AgeingRow(row["client_id"], row["name"], [row[bucket] for bucket in BUCKETS], row["total"]) for row in listed
    ]
    return Ageing(today, rows, [whole[bucket] for bucket in BUCKETS], whole["total"], has_next)


def _within(first: date | None, last: date | None) -> Q:
    found = Q()
    if first:
        found &= Q(due_on__gte=first)
    if last:
        found &= Q(due_on__lte=last)
    return found


def _sum(which: Q) -> Coalesce:
    summed = Sum(F("amount") - F("paid"), filter=which or None, output_field=MONEY)
    return Coalesce(summed, Value(ZERO), output_field=MONEY)
