"""Invoices of the sandbox: issued, charged to a card, paid by PIX or boleto, refunded, disputed."""

from __future__ import annotations

import binascii
import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from billing.gateways.sandbox.server.bank import Bank, Refusal, moment, text
from billing.gateways.sandbox.server.store import Document

GOOD_CARDS = ("4242424242424242", "5555555555554444")
DECLINED_CARD = "4000000000000002"
LATER_DECLINED_CARD = "4000000000000341"  # takes the first charge, refuses every later one
NO_REFUND_CARD = "4000000000005126"  # pays, and takes nothing back
RETRIES = (3, 5, 7)  # days after the first failure
UNPAID_STATES = ("open", "failed", "overdue")


def read_card(number: str) -> Document:
    """What is kept of a card. Raises Refusal when it is none, or declined."""
    bare = "".join(number.split())
    if bare == DECLINED_CARD:
        raise Refusal("card_declined", "The card was declined.", status=402)
    if bare not in (*GOOD_CARDS, LATER_DECLINED_CARD, NO_REFUND_CARD):
        raise Refusal("card_invalid", "This is none of the sandbox's cards.")
    return {"last4": bare[-4:], "charges": bare != LATER_DECLINED_CARD, "takes_back": bare != NO_REFUND_CARD}


def issue(bank: Bank, subscription: Document, amount: Decimal, **fields: str | None) -> Document:
    """A new, open invoice. `fields`: due_at, period_starts_at, period_ends_at, issued_at, reason."""
    number = bank.store.number("last-invoice")
    invoice = bank.make(
        "invoice", "inv",
        subscription=subscription["id"], customer=subscription["customer"], reference=subscription["reference"],
        number=f"SBX-{number:06}", amount=str(amount), currency=subscription["price"]["currency"], state="open",
        method=subscription["method"], issued_at=fields.get("issued_at") or text(bank.now()),
        due_at=fields.get("due_at"), period_starts_at=fields.get("period_starts_at"),
        period_ends_at=fields.get("period_ends_at"), reason=fields.get("reason") or "period",
        failed_at=None, next_attempt_at=None, attempts=0, payments=[], refunded="0", late=False,
    )  # fmt: skip
    bank.record("invoice.created", "invoice", invoice, at=moment(invoice["issued_at"]))
    return invoice


def pay(bank: Bank, invoice: Document, method: str, *, at: datetime | None = None) -> Document:
    """Money came. Raises Refusal for an invoice that asks for none."""
    if invoice["state"] not in UNPAID_STATES:
        raise Refusal("invoice_closed", "There is nothing to pay any more.", status=409)
    paid_at = text(at or bank.now())
    if Decimal(invoice["amount"]):
        invoice["payments"].append({"id": f"pay_{invoice['id'][4:]}", "amount": invoice["amount"], "paid_at": paid_at})
    invoice |= {"state": "paid", "method": method, "next_attempt_at": None}
    bank.save("invoice", invoice)
    bank.record("invoice.paid", "invoice", invoice, at=at)
    return invoice


def charge_card(bank: Bank, invoice: Document, card: Document, *, at: datetime) -> bool:
    """Try the stored card; whether it paid. A refusal is tried again on the days of RETRIES."""
    invoice["attempts"] += 1
    if card["charges"]:
        pay(bank, invoice, "card", at=at)
        return True
    failed_at = moment(invoice["failed_at"]) or at
    tries = invoice["attempts"]
    again = text(failed_at + timedelta(days=RETRIES[tries - 1])) if tries <= len(RETRIES) else None
    invoice |= {"state": "failed", "failed_at": text(failed_at), "next_attempt_at": again, "method": "card"}
    bank.save("invoice", invoice)
    bank.record("invoice.failed", "invoice", invoice, at=at)
    return False


def run_out(bank: Bank, invoice: Document, *, at: datetime) -> None:
    """Its day passed without money."""
    invoice |= {"state": "overdue", "failed_at": text(at)}
    bank.save("invoice", invoice)
    bank.record("invoice.overdue", "invoice", invoice, at=at)


def withdraw(bank: Bank, invoice: Document, *, at: datetime | None = None) -> None:
    if invoice["state"] in UNPAID_STATES:
        invoice |= {"state": "void", "next_attempt_at": None}
        bank.save("invoice", invoice)
        bank.record("invoice.void", "invoice", invoice, at=at)


def refund(bank: Bank, invoice: Document, amount: Decimal | None) -> Document:
    """Give back some of it, or all that is left. Raises Refusal."""
    left = paid(invoice) - Decimal(invoice["refunded"])
    wanted = left if amount is None else amount
    if invoice["state"] != "paid" or not 0 < wanted <= left:
        raise Refusal("refund_impossible", "That much was not paid, or it was given back already.", status=409)
    card = bank.get("subscription", invoice["subscription"]).get("card") or {}
    if invoice["method"] == "card" and not card.get("takes_back", True):
        raise Refusal("refund_refused", "The card's bank takes no refund.", status=402)
    invoice["refunded"] = str(Decimal(invoice["refunded"]) + wanted)
    if wanted == left:
        invoice["state"] = "refunded"
    bank.save("invoice", invoice)
    bank.record("invoice.refunded", "invoice", invoice)
    return invoice


def dispute(bank: Bank, invoice: Document, *, outcome: str) -> Document:
    """`outcome`: "opened", "won" or "lost". Raises Refusal."""
    before, after = {"opened": ("paid", "disputed"), "won": ("disputed", "paid"), "lost": ("disputed", "refunded")}[
        outcome
    ]
    if invoice["state"] != before:
        raise Refusal("dispute_impossible", "It is not in that state.", status=409)
    invoice["state"] = after
    if outcome == "lost":
        invoice["refunded"] = str(paid(invoice))
    bank.save("invoice", invoice)
    bank.record({"opened": "invoice.disputed", "won": "invoice.dispute_won", "lost": "invoice.refunded"}[outcome],
                "invoice", invoice)  # fmt: skip
    return invoice


def paid(invoice: Document) -> Decimal:
    return sum((Decimal(one["amount"]) for one in invoice["payments"]), Decimal(0))


def pix_code(invoice: Document) -> str:
    """A "copia e cola" that a phone can read, to a key that belongs to nobody."""

    def field(id: str, value: str) -> str:
        return f"{id}{len(value):02}{value}"

    account = field("00", "br.gov.bcb.pix") + field("01", "00000000-0000-4000-8000-000000000000")
    code = (
        field("00", "01") + field("26", account) + field("52", "0000") + field("53", "986")
        + field("54", str(Decimal(invoice["amount"]).quantize(Decimal("0.01")))) + field("58", "BR")
        + field("59", "Colmeia Sandbox") + field("60", "Santos")
        + field("62", field("05", invoice["id"].replace("_", "")[:25])) + "6304"
    )  # fmt: skip
    return code + f"{binascii.crc_hqx(code.encode(), 0xFFFF):04X}"


def boleto_line(invoice: Document) -> str:
    """Forty-seven digits with the check digits of a real one; no bank answers to its number, 999."""
    free = str(int(hashlib.sha256(invoice["id"].encode()).hexdigest(), 16))[:25]
    cents = f"{int(Decimal(invoice['amount']) * 100):010}"
    due = f"1000{cents}"  # the factor of a day long ago
    fields = [_tens(f"9999{free[:5]}"), _tens(free[5:15]), _tens(free[15:])]
    return "".join((*fields, _elevens(f"9999{due}{free}"), due))


def _tens(digits: str) -> str:
    """With its check digit, modulo 10."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(divmod(int(digit) * (2 - place % 2), 10))
    return f"{digits}{-total % 10}"


def _elevens(digits: str) -> str:
    """The check digit modulo 11 of a bar code; never 0, 10 or 11."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(digits)))
    digit = 11 - total % 11
    return str(digit if 2 <= digit <= 9 else 1)
