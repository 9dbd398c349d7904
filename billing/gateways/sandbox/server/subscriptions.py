"""Subscriptions of the sandbox: begun, renewed, changed, ended. They ask for money; what came is on the invoices."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from billing.gateways import proration
from billing.gateways.base import PriceWanted
from billing.gateways.sandbox.server import invoices
from billing.gateways.sandbox.server.bank import Bank, Refusal, moment, moment_of, price_of, text
from billing.gateways.sandbox.server.store import Document

OVER = ("canceled", "never")
DAYS_TO_PAY = {"pix": 1, "boleto": 3}
AHEAD = timedelta(days=5)  # a PIX or boleto is issued so long before its period begins


def begin(bank: Bank, checkout: Document, method: str, card: Document | None) -> Document:
    """What a finished checkout starts: a subscription, with a first invoice where money is due at once."""
    now = bank.now()
    trial, later = moment(checkout["trial_ends_at"]), moment(checkout["starts_at"])
    begins = max(now, trial or now, later or now)
    waits = begins > now
    subscription = bank.make(
        "subscription", "sub",
        checkout=checkout["id"], customer=checkout["customer"], organization=checkout["organization"],
        reference=checkout["reference"], price=checkout["price"], next_price=None, method=method, card=card,
        state="trialing" if waits and trial else "running" if waits else "incomplete",
        trial_ends_at=checkout["trial_ends_at"] if waits and trial else None,
        anchor=text(begins), periods=0, charged=0, period_starts_at=text(now) if waits and trial else None,
        period_ends_at=text(begins), cancel_at=None, ended_at=None, reason="", next_invoice=None,
    )  # fmt: skip
    if not waits:
        due = now if method == "card" else now + timedelta(days=DAYS_TO_PAY[method])
        invoice = _step(bank, subscription, at=now, due_at=due)
        if Decimal(invoice["amount"]) == 0:
            invoices.pay(bank, invoice, method, at=now)
        elif card and not invoices.charge_card(bank, invoice, card | {"charges": True}, at=now):
            raise AssertionError("a card that was read pays once")
    recompute(bank, subscription)
    bank.record("subscription.created", "subscription", subscription)
    return subscription


def _step(bank: Bank, subscription: Document, *, at: datetime, due_at: datetime) -> Document:
    """Enter the next period, whose invoice is made now unless it was made ahead."""
    ready = subscription["next_invoice"]
    invoice = bank.get("invoice", ready) if ready else _next_invoice(bank, subscription, at=at, due_at=due_at)
    if subscription["next_price"]:
        _take_price(subscription, subscription["next_price"])
    subscription |= {
        "periods": subscription["periods"] + 1, "next_invoice": None,
        "period_starts_at": invoice["period_starts_at"], "period_ends_at": invoice["period_ends_at"],
    }  # fmt: skip
    bank.save("subscription", subscription)
    return invoice


def _next_invoice(bank: Bank, subscription: Document, *, at: datetime, due_at: datetime) -> Document:
    price = price_of(subscription["next_price"] or subscription["price"])
    anchor, periods = moment_of(subscription, "anchor"), subscription["periods"]
    if subscription["next_price"] and price.interval != subscription["price"]["interval"]:
        anchor, periods = proration.after(anchor, subscription["price"]["interval"], periods), 0
    amount = _charge(price, subscription["charged"])
    subscription["charged"] += 1
    return invoices.issue(
        bank, subscription, amount, due_at=text(due_at), issued_at=text(at),
        period_starts_at=text(proration.after(anchor, price.interval, periods)),
        period_ends_at=text(proration.after(anchor, price.interval, periods + 1)),
    )  # fmt: skip


def _charge(price: PriceWanted, before: int) -> Decimal:
    """What a period costs that so many were charged before."""
    return proration.total(price, discounted=price.discount_periods is None or before < price.discount_periods)


def _take_price(subscription: Document, price: Document) -> None:
    """Another interval counts its periods anew, from the end of the present one."""
    if price["interval"] != subscription["price"]["interval"]:
        subscription |= {"anchor": subscription["period_ends_at"], "periods": 0}
    subscription |= {"price": price, "next_price": None}


def announce(bank: Bank, subscription: Document, *, at: datetime) -> None:
    """Issue the PIX or boleto of the period to come."""
    due = moment_of(subscription, "period_ends_at")
    subscription["next_invoice"] = _next_invoice(bank, subscription, at=at, due_at=due)["id"]
    bank.save("subscription", subscription)


def issues_at(subscription: Document) -> datetime:
    """When the PIX or boleto of the period to come is made; not before the subscription itself."""
    return max(moment_of(subscription, "period_ends_at") - AHEAD, moment_of(subscription, "created"))


def renew(bank: Bank, subscription: Document, *, at: datetime) -> None:
    """The period is over: the next one, or the end."""
    if subscription["cancel_at"]:
        end(bank, subscription, at=at, reason="cancellation_requested")
        return
    invoice = _step(bank, subscription, at=at, due_at=at)
    if Decimal(invoice["amount"]) == 0 and invoice["state"] == "open":
        invoices.pay(bank, invoice, subscription["method"], at=at)
    elif subscription["card"] and invoice["state"] == "open":
        invoices.charge_card(bank, invoice, subscription["card"], at=at)
    recompute(bank, subscription, at=at)
    bank.record("subscription.updated", "subscription", subscription, at=at)


def end(bank: Bank, subscription: Document, *, at: datetime, reason: str, state: str = "canceled") -> None:
    for invoice in bank.invoices_of(subscription["id"]):
        invoices.withdraw(bank, invoice, at=at)
    subscription |= {"state": state, "ended_at": text(at), "reason": reason, "next_invoice": None}
    bank.save("subscription", subscription)
    bank.record("subscription.canceled", "subscription", subscription, at=at)


def cancel(bank: Bank, subscription: Document, *, at_period_end: bool) -> None:
    if subscription["state"] in OVER:
        return
    if not at_period_end:
        end(bank, subscription, at=bank.now(), reason="cancellation_requested")
        return
    subscription["cancel_at"] = subscription["period_ends_at"]
    if ready := subscription["next_invoice"]:
        invoices.withdraw(bank, bank.get("invoice", ready))
        subscription["next_invoice"] = None
    bank.save("subscription", subscription)
    bank.record("subscription.updated", "subscription", subscription)


def resume(bank: Bank, subscription: Document) -> None:
    if subscription["state"] in OVER:
        raise Refusal("subscription_over", "It has ended; begin a new one.", status=409)
    subscription["cancel_at"] = None
    bank.save("subscription", subscription)
    bank.record("subscription.updated", "subscription", subscription)


def preview(bank: Bank, subscription: Document, price: Document, *, at: datetime) -> Document:
    """What `change` would cost at that moment."""
    old, new = price_of(subscription["price"]), price_of(price)
    starts, ends = moment(subscription["period_starts_at"]), moment_of(subscription, "period_ends_at")
    anew = old.interval != new.interval
    charged = subscription["charged"] - bool(subscription["next_invoice"])  # one made ahead is withdrawn by a change
    # Before the first charge there is nothing to set off, and nothing due.
    due = Decimal("0.00")
    if starts and subscription["state"] != "trialing":
        is_now, then = _charge(old, charged - 1), _charge(new, charged if anew else charged - 1)
        due = proration.difference(is_now, then, starts_at=starts, ends_at=ends, now=at, anew=anew)
    following = proration.after(at, new.interval, 1) if anew and due else ends
    return {
        "due_now": str(due), "next_amount": str(_charge(new, charged + bool(anew and due))),
        "next_at": text(following), "currency": new.currency, "at": text(at),
    }  # fmt: skip


def change(bank: Bank, subscription: Document, price: Document, *, prorated_at: datetime | None) -> None:
    """Another price from the next period on, or now. Raises Refusal when the card refuses the difference."""
    if subscription["state"] in OVER:
        raise Refusal("subscription_over", "It has ended; begin a new one.", status=409)
    if prorated_at is None:
        same = price == subscription["price"]
        subscription["next_price"] = None if same else price
    else:
        _change_now(bank, subscription, price, at=prorated_at)
    if ready := subscription["next_invoice"]:
        invoices.withdraw(bank, bank.get("invoice", ready))
        subscription["next_invoice"] = None
        subscription["charged"] -= 1
    recompute(bank, subscription)
    bank.record("subscription.updated", "subscription", subscription)


def _change_now(bank: Bank, subscription: Document, price: Document, *, at: datetime) -> None:
    costs = preview(bank, subscription, price, at=at)
    due, now = Decimal(costs["due_now"]), bank.now()
    if due and subscription["card"] and not subscription["card"]["charges"]:
        raise Refusal("card_declined", "The card was declined.", status=402)
    anew = price["interval"] != subscription["price"]["interval"] and due > 0
    subscription |= {"price": price, "next_price": None}
    if anew:
        subscription |= {"anchor": text(now), "periods": 1, "period_starts_at": text(now)}
        subscription["charged"] += 1
        subscription["period_ends_at"] = costs["next_at"]
    if due:
        days = DAYS_TO_PAY.get(subscription["method"], 0)
        invoice = invoices.issue(
            bank, subscription, due, due_at=text(now + timedelta(days=days)), reason="change",
            period_starts_at=text(now), period_ends_at=subscription["period_ends_at"],
        )  # fmt: skip
        if subscription["card"]:
            invoices.charge_card(bank, invoice, subscription["card"], at=now)


def take_card(bank: Bank, subscription: Document, card: Document) -> None:
    """From now on this card; what is due is charged to it at once."""
    subscription |= {"card": card, "method": "card"}
    bank.save("subscription", subscription)
    for invoice in bank.invoices_of(subscription["id"]):
        if invoice["state"] in invoices.UNPAID_STATES and invoice["id"] != subscription["next_invoice"]:
            settle(bank, invoice["id"], "card", card=card)
    bank.record("subscription.updated", "subscription", bank.get("subscription", subscription["id"]))


def settle(bank: Bank, invoice_id: str, method: str, *, card: Document | None = None) -> Document:
    """An invoice is paid, and its subscription stands accordingly."""
    invoice = bank.get("invoice", invoice_id)
    subscription = bank.get("subscription", invoice["subscription"])
    now = bank.now()
    if card and not card["charges"]:
        raise Refusal("card_declined", "The card was declined.", status=402)
    if subscription["state"] == "unpaid":  # it had given up: the period that is paid for begins with the money
        begins = {"period_starts_at": text(now), "period_ends_at": text(_one_more(subscription, now))}
        invoice |= begins
        subscription |= {"anchor": text(now), "periods": 1, "state": "running", **begins}
        bank.save("subscription", subscription)
    invoices.pay(bank, invoice, method, at=now)
    recompute(bank, subscription)
    return invoice


def _one_more(subscription: Document, now: datetime) -> datetime:
    return proration.after(now, subscription["price"]["interval"], 1)


def recompute(bank: Bank, subscription: Document, *, at: datetime | None = None) -> None:
    """Its state after its invoices; says so when it is another."""
    before = subscription["state"]
    if before in OVER:
        return
    all_of_it = bank.invoices_of(subscription["id"])
    trial = moment(subscription["trial_ends_at"])
    if any(one["state"] in ("failed", "overdue") for one in all_of_it):
        given_up = any((one["state"] == "failed" and not one["next_attempt_at"]) or one["late"] for one in all_of_it)
        state = "unpaid" if given_up else "past_due"
    elif before == "incomplete" and not any(one["state"] == "paid" for one in all_of_it):
        state = "incomplete"
    elif trial and trial > (at or bank.now()):
        state = "trialing"
    else:
        state = "running"
    if before == "incomplete" and state in ("past_due", "unpaid"):
        state = "incomplete"
    subscription["state"] = state
    bank.save("subscription", subscription)
    if before == "incomplete" and state == "running":
        checkout = bank.get("checkout", subscription["checkout"])
        if checkout["state"] != "done":
            bank.save("checkout", checkout | {"state": "done", "subscription": subscription["id"]})
            bank.record("checkout.completed", "checkout", checkout | {"subscription": subscription["id"]}, at=at)
    if before != state and before != "incomplete":
        bank.record("subscription.updated", "subscription", subscription, at=at)
