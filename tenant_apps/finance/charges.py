"""What is due of an entry on a day: late fee once, interest by the day, a discount while it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenant_apps.finance.errors import Overpaid
from tenant_apps.finance.models import Entry
from tenant_apps.finance.money import ZERO, rounded
from tenant_apps.finance.owed import Owed

DAYS_OF_MONTH = 30  # by which interest of a month is counted by the day, as boletos do


@dataclass(frozen=True, slots=True)
class Due:
    """`principal` is what is open of the entry's amount; `total` is what settles it on this day."""

    principal: Decimal
    late_fee: Decimal = ZERO
    interest: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def extra(self) -> Decimal:
        return self.late_fee + self.interest

    @property
    def total(self) -> Decimal:
        return self.principal + self.late_fee + self.interest - self.discount


def due_amount(entry: Entry | Owed, *, on: date) -> Due:
    """What settles the entry on this day. A part that was paid in time pays no late fee."""
    principal = entry.open_amount if entry.cancellation_id is None else ZERO
    if principal <= 0:
        return Due(ZERO)
    days = (on - entry.due_on).days
    if days > 0:
        late_fee = rounded(principal * entry.late_fee / 100)
        interest = rounded(principal * entry.interest / 100 * days / DAYS_OF_MONTH)
        return Due(principal, late_fee, interest, _discount(entry, on, principal))
    return Due(principal, discount=_discount(entry, on, principal))


def allocated(entry: Entry | Owed, amount: Decimal, *, on: date) -> tuple[Decimal, Decimal]:
    """Of an amount received on this day: (what of it is late fee and interest, what is let go as discount).

    The whole due settles the entry. What is between the open amount and the whole pays the open amount first; less is
    a part of it. Raises Overpaid.
    """
    due = due_amount(entry, on=on)
    if amount > max(due.total, due.principal):
        raise Overpaid(due.total)
    if amount == due.total:
        return due.extra, due.discount
    if due.total < amount <= due.principal:
        return ZERO, due.principal - amount
    return max(amount - due.principal, ZERO), ZERO


def _discount(entry: Entry | Owed, on: date, principal: Decimal) -> Decimal:
    """It is for who pays the rest in time; of a rest that is no more than the discount nothing is let go."""
    holds = entry.discount > 0 and on <= (entry.discount_until or entry.due_on)
    return entry.discount if holds and entry.discount < principal else ZERO
