"""The sandbox's answers as the protocol's snapshots."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.gateways.base import (
    ChangePreview,
    CheckoutSnapshot,
    Event,
    GatewayState,
    InvoiceSnapshot,
    InvoiceState,
    PaymentSnapshot,
    SubscriptionSnapshot,
    Unreadable,
)

STATES = {
    "incomplete": GatewayState.INCOMPLETE, "trialing": GatewayState.TRIALING, "running": GatewayState.RUNNING,
    "past_due": GatewayState.PAST_DUE, "unpaid": GatewayState.UNPAID, "canceled": GatewayState.CANCELED,
    "never": GatewayState.NEVER,
}  # fmt: skip
INVOICE_STATES = {
    "open": InvoiceState.OPEN, "failed": InvoiceState.FAILED, "overdue": InvoiceState.OVERDUE,
    "paid": InvoiceState.PAID, "refunded": InvoiceState.REFUNDED, "disputed": InvoiceState.DISPUTED,
    "void": InvoiceState.VOID,
}  # fmt: skip


def checkout(found: dict[str, Any]) -> CheckoutSnapshot:
    return CheckoutSnapshot(
        id=found["id"],
        url=found["url"],
        is_open=found["state"] == "open",
        is_done=found["state"] == "done",
        reference=found["reference"],
        customer=found["customer"],
        subscription=found["subscription"],
        expires_at=_moment(found["expires_at"]),
    )


def subscription(found: dict[str, Any]) -> SubscriptionSnapshot:
    state = STATES.get(found["state"], GatewayState.UNKNOWN)
    if state is GatewayState.RUNNING and found["cancel_at"]:
        state = GatewayState.ENDING
    price = found["next_price"] or found["price"]
    return SubscriptionSnapshot(
        id=found["id"],
        state=state,
        status=found["state"],
        customer=found["customer"],
        reference=found["reference"],
        organization=found["organization"],
        amount=Decimal(price["amount"]) * price["quantity"],
        quantity=price["quantity"],
        trial_ends_at=_moment(found["trial_ends_at"]),
        period_starts_at=_moment(found["period_starts_at"]),
        period_ends_at=_moment(found["period_ends_at"]),
        cancel_at=_moment(found["cancel_at"]),
        ended_at=_moment(found["ended_at"]),
        reason=found["reason"],
        has_method=found["has_card"],
        invoices=tuple(invoice(one) for one in found["invoices"]),
    )


def invoice(found: dict[str, Any]) -> InvoiceSnapshot:
    return InvoiceSnapshot(
        id=found["id"],
        state=INVOICE_STATES.get(found["state"], InvoiceState.UNKNOWN),
        status=found["state"],
        amount=Decimal(found["amount"]),
        currency=found["currency"],
        issued_at=datetime.fromisoformat(found["issued_at"]),
        customer=found["customer"],
        subscription=found["subscription"],
        reference=found["reference"],
        number=found["number"],
        method=found["method"],
        due_at=_moment(found["due_at"]),
        failed_at=_moment(found["failed_at"]),
        paid=Decimal(found["paid"]),
        refunded=Decimal(found["refunded"]),
        payments=tuple(
            PaymentSnapshot(one["id"], Decimal(one["amount"]), datetime.fromisoformat(one["paid_at"]))
            for one in found["payments"]
        ),
        period_starts_at=_moment(found["period_starts_at"]),
        period_ends_at=_moment(found["period_ends_at"]),
        will_retry=bool(found["next_attempt_at"]),
        page_url=found["page_url"],
        receipt_url=found["receipt_url"],
    )


def preview(found: dict[str, Any]) -> ChangePreview:
    return ChangePreview(
        due_now=Decimal(found["due_now"]),
        next_amount=Decimal(found["next_amount"]),
        next_at=datetime.fromisoformat(found["next_at"]),
        currency=found["currency"],
        at=datetime.fromisoformat(found["at"]),
    )


def event(payload: Any) -> Event:
    """Raises Unreadable, or what missing parts raise."""
    about = payload["data"]["object"]
    if not (isinstance(payload["id"], str) and payload["id"] and isinstance(payload["type"], str)):
        raise Unreadable("no id or type")
    created = datetime.fromisoformat(payload["created"])
    if created.tzinfo is None:
        raise Unreadable("a moment without zone")
    kind = about["kind"]
    return Event(
        id=payload["id"],
        kind=payload["type"],
        payload=payload,
        happened_at=created,
        subscription=str(about.get("subscription") or ""),
        customer=str(about.get("customer") or ""),
        invoice=str(about["id"]) if kind == "invoice" else "",
        reference=str(about.get("reference") or ""),
        checkout=str(about["id"]) if kind == "checkout" else "",
        matters=kind in ("invoice", "subscription", "checkout"),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
