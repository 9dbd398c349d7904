"""What happens by itself as time passes, in the order in which it would have happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from billing.gateways.sandbox.server import checkouts, invoices, subscriptions
from billing.gateways.sandbox.server.bank import Bank, moment
from billing.gateways.sandbox.server.store import Document

GIVE_UP = timedelta(days=30)  # an overdue PIX or boleto; the first one of all after two days
FIRST_GIVE_UP = timedelta(days=2)
Step = tuple[datetime, Callable[[], None]]


def advance(bank: Bank) -> None:
    """Let everything happen whose time has come."""
    with bank.store.transaction():
        while True:
            now = bank.now()
            due = [step for step in _steps(bank) if step[0] <= now]
            if not due:
                return
            first = min(due, key=lambda step: step[0])
            first[1]()


def _steps(bank: Bank) -> Iterator[Step]:
    """The next thing to happen to each checkout, subscription and invoice, and when."""
    alive = {one["id"]: one for one in bank.store.all("subscription") if one["state"] not in subscriptions.OVER}
    for checkout in bank.store.all("checkout"):
        expires = moment(checkout["expires_at"])
        if checkout["state"] == "open" and not checkout["subscription"] and expires:
            yield expires, partial(checkouts.expire, bank, checkout)
    for subscription in alive.values():
        yield from _of_subscription(bank, subscription)
    for invoice in bank.store.all("invoice"):
        if owner := alive.get(invoice["subscription"]):
            yield from _of_invoice(bank, invoice, owner)


def _of_subscription(bank: Bank, subscription: Document) -> Iterator[Step]:
    ends = moment(subscription["period_ends_at"])
    if not ends or subscription["state"] == "incomplete":
        return
    if subscription["cancel_at"]:
        yield ends, partial(subscriptions.renew, bank, subscription, at=ends)
        return
    if subscription["state"] == "unpaid":
        return
    ahead = subscriptions.issues_at(subscription)
    if subscription["method"] != "card" and not subscription["next_invoice"]:
        yield ahead, partial(subscriptions.announce, bank, subscription, at=ahead)
    else:
        yield ends, partial(subscriptions.renew, bank, subscription, at=ends)


def _of_invoice(bank: Bank, invoice: Document, owner: Document) -> Iterator[Step]:
    again, due, failed = (moment(invoice[name]) for name in ("next_attempt_at", "due_at", "failed_at"))
    if invoice["state"] == "failed" and again:
        yield again, partial(_retry, bank, invoice, owner, at=again)
    elif invoice["state"] == "open" and due and invoice["method"] != "card":
        yield due + timedelta(seconds=1), partial(_overdue, bank, invoice, owner, at=due + timedelta(seconds=1))
    elif invoice["state"] == "overdue" and failed and not invoice["late"]:
        last = failed + (FIRST_GIVE_UP if owner["state"] == "incomplete" else GIVE_UP)
        yield last, partial(_give_up, bank, invoice, owner, at=last)


def _retry(bank: Bank, invoice: Document, owner: Document, *, at: datetime) -> None:
    invoices.charge_card(bank, invoice, owner["card"], at=at)
    subscriptions.recompute(bank, owner, at=at)


def _overdue(bank: Bank, invoice: Document, owner: Document, *, at: datetime) -> None:
    invoices.run_out(bank, invoice, at=at)
    subscriptions.recompute(bank, owner, at=at)


def _give_up(bank: Bank, invoice: Document, owner: Document, *, at: datetime) -> None:
    bank.save("invoice", invoice | {"late": True})
    if owner["state"] == "incomplete":
        subscriptions.end(bank, owner, at=at, reason="never_paid", state="never")
        checkouts.expire(bank, bank.get("checkout", owner["checkout"]))
    else:
        subscriptions.recompute(bank, owner, at=at)
