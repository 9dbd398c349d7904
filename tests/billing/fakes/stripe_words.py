"""The sandbox's documents in Stripe's words, version 2026-10-28."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.gateways.sandbox.server.bank import Bank

STATES = {
    "incomplete": "incomplete", "trialing": "trialing", "running": "active", "past_due": "past_due",
    "unpaid": "unpaid", "canceled": "canceled", "never": "incomplete_expired",
}  # fmt: skip
INVOICES = {
    "open": "open", "failed": "open", "overdue": "open", "paid": "paid", "refunded": "paid", "disputed": "paid",
    "void": "void",
}  # fmt: skip
TYPES = {
    "invoice.created": "invoice.created", "invoice.paid": "invoice.paid", "invoice.failed": "invoice.payment_failed",
    "invoice.void": "invoice.voided", "invoice.refunded": "charge.refunded",
    "invoice.disputed": "charge.dispute.created", "invoice.dispute_won": "charge.dispute.closed",
    "subscription.created": "customer.subscription.created", "subscription.updated": "customer.subscription.updated",
    "subscription.canceled": "customer.subscription.deleted", "checkout.completed": "checkout.session.completed",
    "checkout.expired": "checkout.session.expired",
}  # fmt: skip


def seconds(written: str | None) -> int | None:
    return int(datetime.fromisoformat(written).timestamp()) if written else None


def cents(amount: str | Decimal) -> int:
    return int(Decimal(amount) * 100)


def price(document: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": document.get("external_id", "price_pro"), "object": "price", "unit_amount": cents(document["amount"]),
        "currency": document["currency"].lower(), "recurring": {"interval": document["interval"], "interval_count": 1},
    }  # fmt: skip


def session(url: str, document: dict[str, Any]) -> dict[str, Any]:
    is_open = document["state"] == "open"
    return {
        "id": document["id"], "object": "checkout.session", "mode": "subscription",
        "url": f"{url}/pay/{document['id']}" if is_open else None,
        "status": {"open": "open", "done": "complete", "expired": "expired"}[document["state"]],
        "payment_status": "unpaid" if is_open else "paid", "metadata": document["session_metadata"],
        "customer": document["customer"], "subscription": document["subscription"] or None,
        "expires_at": seconds(document["expires_at"]), "livemode": False,
    }  # fmt: skip


def subscription(bank: Bank, document: dict[str, Any], *, whole_customer: bool = False) -> dict[str, Any]:
    checkout = bank.get("checkout", document["checkout"])
    waits = checkout["metadata"].get("waits") == "1"
    starts, ends = seconds(document["period_starts_at"] or document["created"]), seconds(document["period_ends_at"])
    is_waiting = waits and document["periods"] == 0 and document["state"] == "running"
    customer: Any = document["customer"]
    if whole_customer:
        customer = {"id": customer, "object": "customer", "invoice_settings": {"default_payment_method": None}}
    item = {
        "id": f"si_{document['id'][4:]}", "object": "subscription_item", "price": price(document["price"]),
        "quantity": document["price"]["quantity"], "current_period_start": starts, "current_period_end": ends,
    }  # fmt: skip
    return {
        "id": document["id"], "object": "subscription", "customer": customer, "metadata": checkout["metadata"],
        "status": "trialing" if is_waiting else STATES[document["state"]], "livemode": False,
        "items": {"object": "list", "data": [item], "has_more": False},
        "trial_end": ends if is_waiting else seconds(document["trial_ends_at"]),
        "cancel_at_period_end": bool(document["cancel_at"]), "cancel_at": seconds(document["cancel_at"]),
        "ended_at": seconds(document["ended_at"]), "cancellation_details": {"reason": document["reason"] or None},
        "default_payment_method": "pm_1" if document["card"] else None, "default_source": None,
        "pause_collection": None, "created": seconds(document["created"]),
    }  # fmt: skip


def invoice(bank: Bank, url: str, document: dict[str, Any]) -> dict[str, Any]:
    owner = bank.get("subscription", document["subscription"])
    metadata = bank.get("checkout", owner["checkout"])["metadata"]
    paid = [
        {
            "id": f"inpay_{one['id'][4:]}", "object": "invoice_payment", "status": "paid",
            "amount_paid": cents(one["amount"]), "status_transitions": {"paid_at": seconds(one["paid_at"])},
            "payment": {"type": "payment_intent", "payment_intent": f"pi_{document['id'][4:]}"},
        }
        for one in document["payments"]
    ]  # fmt: skip
    line = {"period": {"start": seconds(document["period_starts_at"]), "end": seconds(document["period_ends_at"])}}
    tries = document["attempts"] if INVOICES[document["state"]] == "open" else max(document["attempts"], len(paid))
    return {
        "id": document["id"], "object": "invoice", "status": INVOICES[document["state"]], "customer": owner["customer"],
        "number": document["number"], "amount_due": cents(document["amount"]),
        "amount_paid": sum(one["amount_paid"] for one in paid), "currency": document["currency"].lower(),
        "attempt_count": tries, "created": seconds(document["issued_at"]), "due_date": None, "livemode": False,
        "next_payment_attempt": seconds(document["next_attempt_at"]), "lines": {"data": [line], "has_more": False},
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"subscription": owner["id"], "metadata": metadata},
        },
        "payments": {"object": "list", "data": paid}, "hosted_invoice_url": f"{url}/i/{document['id']}",
        "invoice_pdf": f"{url}/i/{document['id']}/pdf",
        "status_transitions": {
            "finalized_at": seconds(document["failed_at"] or document["issued_at"]),
            "paid_at": seconds(document["payments"][-1]["paid_at"]) if document["payments"] else None,
        },
    }  # fmt: skip


def charge(url: str, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"ch_{document['id'][4:]}", "object": "charge", "payment_intent": f"pi_{document['id'][4:]}",
        "customer": document["customer"], "amount_refunded": cents(document["refunded"]),
        "disputed": bool(document.get("was_disputed")) or document["state"] == "disputed",
        "receipt_url": f"{url}/r/{document['id']}",
    }  # fmt: skip


def event(bank: Bank, url: str, document: dict[str, Any]) -> dict[str, Any] | None:
    """None for what Stripe does not speak of."""
    about, type = document["about"], TYPES.get(document["type"])
    if type is None:
        return None
    found = bank.get(about["kind"], about["id"])
    if type.startswith("charge."):
        thing = charge(url, found)
    elif about["kind"] == "invoice":
        thing = invoice(bank, url, found)
    else:
        thing = subscription(bank, found) if about["kind"] == "subscription" else session(url, found)
    return {
        "id": document["id"], "object": "event", "type": type, "livemode": False, "api_version": "2026-10-28.endive",
        "created": seconds(document["created"]), "data": {"object": thing},
    }  # fmt: skip
