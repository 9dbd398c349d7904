"""Customers, and purchases finished on the sandbox's page."""

from __future__ import annotations

from datetime import timedelta

from billing.gateways.sandbox.server import invoices, subscriptions
from billing.gateways.sandbox.server.bank import Bank, Refusal, text
from billing.gateways.sandbox.server.store import Document

METHODS = ("card", "pix", "boleto")
LASTS = timedelta(hours=24)


def ensure_customer(bank: Bank, fields: Document) -> Document:
    """The customer of this reference, brought up to date, or a new one."""
    if not fields.get("reference") or not fields.get("name") or "@" not in fields.get("email", ""):
        raise Refusal("customer_incomplete", "A customer has a reference, a name and an e-mail address.")
    known = next((one for one in bank.store.all("customer") if one["reference"] == fields["reference"]), None)
    if known:
        return bank.save("customer", known | fields)
    return bank.make("customer", "cus", **fields)


def open_checkout(bank: Bank, fields: Document) -> Document:
    """A purchase to be finished, or the open one of this reference."""
    bank.get("customer", fields["customer"])
    if fields["price"]["interval"] not in ("month", "year") or fields["price"]["quantity"] < 1:
        raise Refusal("price_invalid", "A price has an interval and a quantity.")
    if fields["method"] and fields["method"] not in METHODS:
        raise Refusal("method_unknown", "It is paid by card, pix or boleto.")
    if fields["price"]["currency"] != "BRL" and fields["method"] in ("pix", "boleto"):
        raise Refusal("method_needs_brl", "PIX and boleto are in reais.")
    for known in bank.store.all("checkout"):
        if known["reference"] == fields["reference"] and known["state"] == "open":
            return known
    return bank.make("checkout", "chk", **fields, state="open", subscription="", expires_at=text(bank.now() + LASTS))


def methods_of(checkout: Document) -> list[str]:
    if checkout["method"]:
        return [checkout["method"]]
    return list(METHODS) if checkout["price"]["currency"] == "BRL" else ["card"]


def finish(bank: Bank, checkout: Document, method: str, *, number: str = "") -> Document:
    """The payer chose how to pay; returns the subscription. Raises Refusal: then nothing has begun."""
    if checkout["state"] != "open" or checkout["subscription"]:
        raise Refusal("checkout_closed", "This purchase is finished, or it took too long.", status=409)
    if method not in methods_of(checkout):
        raise Refusal("method_unknown", "It cannot be paid that way.")
    card = invoices.read_card(number) if method == "card" else None
    subscription = subscriptions.begin(bank, checkout, method, card)
    checkout = bank.get("checkout", checkout["id"]) | {"subscription": subscription["id"]}
    if subscription["state"] != "incomplete" and checkout["state"] == "open":  # nothing was due at once
        checkout["state"] = "done"
        bank.record("checkout.completed", "checkout", checkout)
    bank.save("checkout", checkout)
    return subscription


def first_invoice(bank: Bank, checkout: Document) -> Document | None:
    """What is still to be paid before it counts as done."""
    if not checkout["subscription"]:
        return None
    return next((one for one in bank.invoices_of(checkout["subscription"]) if one["reason"] == "period"), None)


def withdraw(bank: Bank, checkout: Document) -> None:
    """Nobody wants it any more; what is done is done."""
    if checkout["state"] != "open":
        return
    if checkout["subscription"]:  # a PIX or boleto waits to be paid
        begun = bank.get("subscription", checkout["subscription"])
        subscriptions.end(bank, begun, at=bank.now(), reason="checkout_withdrawn", state="never")
    expire(bank, checkout)


def expire(bank: Bank, checkout: Document) -> None:
    if checkout["state"] == "open":
        bank.save("checkout", checkout | {"state": "expired"})
        bank.record("checkout.expired", "checkout", checkout)
