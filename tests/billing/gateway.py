"""What a gateway could say, in few words: charges and subscriptions as they are at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.gateways.base import (
    GatewayState,
    InvoiceSnapshot,
    InvoiceState,
    PaymentSnapshot,
    SubscriptionSnapshot,
)

START = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
PRICE = Decimal("99.00")


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def charge(number: int, state: str, *, month: int = 0, amount: Decimal = PRICE, **fields: Any) -> InvoiceSnapshot:
    """The charge in_<number> for a month that begins `month` times 30 days after the start."""
    starts = day(30 * month)
    kind = InvoiceState(state)
    paid = kind in (InvoiceState.PAID, InvoiceState.REFUNDED, InvoiceState.DISPUTED)
    if paid and "payments" not in fields:
        fields["payments"] = (PaymentSnapshot(f"pay_{number}", amount, starts),)
        fields["paid"] = amount
    if kind in (InvoiceState.FAILED, InvoiceState.OVERDUE):
        fields.setdefault("failed_at", starts)
    return InvoiceSnapshot(
        id=f"in_{number}",
        state=kind,
        status=state,
        amount=amount,
        currency="BRL",
        issued_at=starts,
        **{
            "due_at": starts,
            "period_starts_at": starts,
            "period_ends_at": starts + timedelta(days=30),
            "method": "card",
        }
        | fields,
    )


def said(state: str, *charges: InvoiceSnapshot, month: int = 0, **fields: Any) -> SubscriptionSnapshot:
    """The subscription sub_1, in the month that begins `month` times 30 days after the start."""
    return SubscriptionSnapshot(
        **{
            "id": "sub_1",
            "state": GatewayState(state),
            "status": state,
            "customer": "cus_1",
            "period_starts_at": day(30 * month),
            "period_ends_at": day(30 * (month + 1)),
            "has_method": True,
            "invoices": tuple(charges),
        }
        | fields
    )
