"""What clients owe, as the morning's reminders read it: in one statement, whose SQL is composed once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.core.prepared import Given, any_of, prepared
from tenant_apps.finance.models import Entry, EntryQuerySet

MOST_DAYS = 10  # more than those around a day on which something is told of
COLUMNS = (
    "pk", "description", "amount", "paid", "due_on", "discount", "discount_until", "late_fee", "interest",
    "client", "client__name", "client__email", "client__phone", "client__archival",
)  # fmt: skip


class Owed(NamedTuple):
    """A standing receivable of a client that is not wholly paid."""

    pk: UUID
    description: str
    amount: Decimal
    paid: Decimal
    due_on: date
    discount: Decimal
    discount_until: date | None
    late_fee: Decimal
    interest: Decimal
    client_id: UUID
    client_name: str
    client_email: str
    client_phone: str
    client_archival: UUID | None

    @property
    def cancellation_id(self) -> None:
        return None

    @property
    def open_amount(self) -> Decimal:
        return self.amount - self.paid

    @property
    def client_is_reached(self) -> bool:
        return self.client_archival is None and bool(self.client_email or self.client_phone)


def owed_on(days: Collection[date]) -> list[Owed]:
    """Those that are due on these days."""
    return [Owed(*row) for row in _owed_on(days=list(days))]


def due_days_from(day: date) -> list[date]:
    """The first days from `day` on on which something is due, at most MOST_DAYS."""
    return [due_on for (due_on,) in _due_days(since=day)]


@prepared
def _owed_on(days: Given) -> QuerySet[Entry, Any]:
    return _owed().filter(any_of("due_on", days)).order_by("due_on", "pk").values_list(*COLUMNS)


@prepared
def _due_days(since: Given) -> QuerySet[Entry, Any]:
    return _owed().filter(due_on__gte=since).order_by("due_on").values_list("due_on").distinct()[:MOST_DAYS]


def _owed() -> EntryQuerySet:
    return Entry.objects.receivable().open().exclude(client=None)
