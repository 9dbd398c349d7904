"""A client's account: what was charged, what was paid, and what was owed after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.finance.statements.cash_flow import MONEY, ZERO
from tenant_apps.finance.statements.periods import Period

MAX_LINES = 2000
SETTLES = F("amount") - F("extra") + F("discount")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A charge adds to the balance, a payment takes away what it settles.

    `paid` is the money that moved; of it `extra` was late fee and interest, and `discount` was let go beside it.
    """

    on: date
    entry_id: UUID
    description: str
    charged: Decimal
    settled: Decimal
    balance: Decimal
    due_on: date | None = None
    paid: Decimal = ZERO
    extra: Decimal = ZERO
    discount: Decimal = ZERO
    method: str = ""

    @property
    def is_charge(self) -> bool:
        return bool(self.charged)


@dataclass(frozen=True, slots=True)
class Account:
    client: Client
    period: Period
    opening: Decimal
    lines: list[AccountLine]
    charged: Decimal
    settled: Decimal
    is_cut: bool  # there are more than MAX_LINES: these are the first, and `closing` is after them

    @property
    def closing(self) -> Decimal:
        return self.opening + self.charged - self.settled


def account(client: Client, period: Period) -> Account:
    """Four statements. Cancelled entries and reversed payments are not in it."""
    entries = Entry.objects.standing().receivable().filter(client=client)
    payments = Payment.objects.standing().filter(entry__client=client, entry__kind="receivable")
    before_charged = entries.filter(issued_on__lt=period.start).aggregate(total=Sum("amount"))["total"] or ZERO
    before_settled = (
        payments.filter(paid_on__lt=period.start).aggregate(total=Sum(SETTLES, output_field=MONEY))["total"] or ZERO
    )
    opening = before_charged - before_settled
    within = (period.start, period.end)
    charges = entries.filter(issued_on__range=within).order_by("issued_on", "id")[: MAX_LINES + 1]
    paid = payments.filter(paid_on__range=within).select_related("entry").order_by("paid_on", "id")[: MAX_LINES + 1]
    events: list[tuple[tuple[date, int, UUID], Entry | Payment]] = [
        *(((entry.issued_on, 0, entry.pk), entry) for entry in charges),
        *(((payment.paid_on, 1, payment.pk), payment) for payment in paid),
    ]
    events.sort(key=lambda event: event[0])
    return _told(client, period, opening, events)


def _told(
    client: Client, period: Period, opening: Decimal, events: list[tuple[tuple[date, int, UUID], Entry | Payment]]
) -> Account:
    is_cut = len(events) > MAX_LINES
    lines: list[AccountLine] = []
    balance = opening
    for key, thing in events[:MAX_LINES]:
        if isinstance(thing, Entry):
            balance += thing.amount
            line = AccountLine(key[0], thing.pk, thing.description, thing.amount, ZERO, balance, due_on=thing.due_on)
        else:
            balance -= thing.settles
            line = AccountLine(
                key[0], thing.entry_id, thing.entry.description, ZERO, thing.settles, balance,
                paid=thing.amount, extra=thing.extra, discount=thing.discount, method=thing.get_method_display(),
            )  # fmt: skip
        lines.append(line)
    charged = sum((line.charged for line in lines), ZERO)
    settled = sum((line.settled for line in lines), ZERO)
    return Account(client, period, opening, lines, charged, settled, is_cut)
