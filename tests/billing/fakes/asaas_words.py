"""The sandbox's documents in the words of Asaas's API v3."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing.gateways.asaas.reading import ZONE
from billing.gateways.sandbox.server.bank import Bank

STATES = {
    "open": "PENDING", "failed": "OVERDUE", "overdue": "OVERDUE", "refunded": "REFUNDED",
    "disputed": "CHARGEBACK_REQUESTED", "void": "PENDING",
}  # fmt: skip
METHODS = {"pix": "PIX", "boleto": "BOLETO", "card": "CREDIT_CARD"}
TYPES = {
    "invoice.created": "PAYMENT_CREATED", "invoice.overdue": "PAYMENT_OVERDUE", "invoice.void": "PAYMENT_DELETED",
    "invoice.failed": "PAYMENT_CREDIT_CARD_CAPTURE_REFUSED", "invoice.refunded": "PAYMENT_REFUNDED",
    "invoice.disputed": "PAYMENT_CHARGEBACK_REQUESTED", "invoice.dispute_won": "PAYMENT_CONFIRMED",
    "subscription.created": "SUBSCRIPTION_CREATED", "subscription.updated": "SUBSCRIPTION_UPDATED",
    "subscription.canceled": "SUBSCRIPTION_DELETED",
}  # fmt: skip


def local(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(ZONE)


def day(written: str | None) -> str | None:
    return local(written).date().isoformat() if written else None


def payment(url: str, owner: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Keys that relate to nothing are left out."""
    is_paid = bool(document["payments"])
    chosen = METHODS[document["method"]] if is_paid else owner["billing_type"]
    status = STATES.get(document["state"]) or ("RECEIVED" if chosen == "PIX" else "CONFIRMED")
    paid_on = day(document["payments"][-1]["paid_at"]) if is_paid else None
    refunds = [
        {"status": "DONE", "value": float(one["value"]), "description": one["description"]}
        for one in document.get("refunds", [])
    ]
    found = {
        "object": "payment", "id": document["id"], "dateCreated": day(document["issued_at"]),
        "customer": document["customer"], "value": float(document["amount"]),
        "netValue": float(document["amount"]) - 1.99,
        "billingType": chosen, "status": status, "dueDate": day(document["due_at"]),
        "clientPaymentDate": paid_on, "paymentDate": paid_on if status == "RECEIVED" else None,
        "creditDate": paid_on, "invoiceUrl": f"{url}/i/{document['id']}", "invoiceNumber": document["number"],
        "bankSlipUrl": f"{url}/b/{document['id']}" if chosen != "PIX" else None, "deleted": document["state"] == "void",
        "transactionReceiptUrl": f"{url}/r/{document['id']}" if is_paid else None, "refunds": refunds or None,
        "externalReference": document["reference"], "description": document.get("description") or "",
    }  # fmt: skip
    return found if document.get("alone") else found | {"subscription": owner["id"]}


def subscription(document: dict[str, Any], *, in_event: bool = False) -> dict[str, Any]:
    following = local(document["period_ends_at"])
    return {
        "object": "subscription", "id": document["id"], "dateCreated": day(document["created"]),
        "customer": document["customer"], "billingType": document["billing_type"],
        "value": float(document["price"]["amount"]), "description": document["price"]["description"],
        "cycle": {"month": "MONTHLY", "year": "YEARLY"}[document["price"]["interval"]],
        "nextDueDate": f"{following:%d/%m/%Y}" if in_event else f"{following:%Y-%m-%d}",
        "status": "INACTIVE" if document["cancel_at"] else "ACTIVE", "deleted": document.get("deleted", False),
        "externalReference": document["reference"], **({"endDate": document["end"]} if document.get("end") else {}),
    }  # fmt: skip


def event(bank: Bank, url: str, document: dict[str, Any]) -> dict[str, Any] | None:
    """None for what Asaas does not speak of."""
    about = document["about"]
    if about["kind"] == "checkout":
        return None
    found = bank.get(about["kind"], about["id"])
    if about["kind"] == "invoice":
        thing = {"payment": payment(url, bank.get("subscription", found["subscription"]), found)}
        paid = "PAYMENT_RECEIVED" if found["method"] == "pix" else "PAYMENT_CONFIRMED"
        type = TYPES.get(document["type"], paid)
    else:
        thing = {"subscription": subscription(found, in_event=True)}
        type = TYPES[document["type"]]
    return {
        "id": f"{document['id']}&368604920", "event": type, "account": {"id": "47ed0d25", "ownerId": None},
        "dateCreated": f"{local(document['created']):%Y-%m-%d %H:%M:%S}", **thing,
    }  # fmt: skip
