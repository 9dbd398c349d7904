"""What people see of the sandbox: the page where one pays, the page of an invoice, and a panel to play fate with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import segno
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.gateways import proration
from billing.gateways.sandbox.server import checkouts, delivery, invoices, subscriptions
from billing.gateways.sandbox.server.app import Sandbox
from billing.gateways.sandbox.server.bank import Bank, Refusal, moment, price_of
from billing.gateways.sandbox.server.store import Document

CARDS = (
    ("4242 4242 4242 4242", gettext_lazy("pays")),
    ("4000 0000 0000 0002", gettext_lazy("is declined")),
    ("4000 0000 0000 0341", gettext_lazy("pays now and is declined later")),
    ("4000 0000 0000 5126", gettext_lazy("pays, and no refund goes back to it")),
)
SAYS = {
    "card_declined": gettext_lazy("The card was declined. Try another one."),
    "card_invalid": gettext_lazy("That is none of the cards below."),
}
MODES = {
    "at once": gettext_lazy("at once"),
    "late": gettext_lazy("twenty seconds late"),
    "twice": gettext_lazy("everything twice"),
    "shuffled": gettext_lazy("in any order"),
    "held": gettext_lazy("held back"),
}
ACTS: dict[str, Callable[[Bank, Document], Any]] = {
    "refund": lambda bank, invoice: invoices.refund(bank, invoice, None),
    "dispute": lambda bank, invoice: invoices.dispute(bank, invoice, outcome="opened"),
    "won": lambda bank, invoice: invoices.dispute(bank, invoice, outcome="won"),
    "lost": lambda bank, invoice: invoices.dispute(bank, invoice, outcome="lost"),
    "expire": lambda bank, invoice: let_expire(bank, invoice),
}


def page(sandbox: Sandbox, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    filled = {"now": sandbox.bank.now(), "moved": sandbox.bank.offset, "cards": CARDS, **context}
    return HttpResponse(render_to_string(f"sandbox/{name}.html", filled), status=status)


def to(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})


def checkout(request: WSGIRequest, sandbox: Sandbox, id: str) -> HttpResponse:
    bank = sandbox.bank
    found = bank.get("checkout", id)
    if found["subscription"] or found["state"] != "open":
        first = checkouts.first_invoice(bank, found)
        if found["state"] == "open" and first:
            return to(f"/invoices/{first['id']}/")
        return page(sandbox, "over", return_url=found["success_url"], state=found["state"])
    error = ""
    if request.method == "POST":
        method = request.POST.get("method", "")
        try:
            checkouts.finish(bank, found, method, number=request.POST.get("number", ""))
        except Refusal as refusal:
            error = str(SAYS.get(refusal.code, refusal.said))
        else:
            found = bank.get("checkout", id)
            first = checkouts.first_invoice(bank, found)
            return to(f"/invoices/{first['id']}/" if found["state"] == "open" and first else found["success_url"])
    price, waits = price_of(found["price"]), _begins(bank, found)
    return page(
        sandbox, "checkout", status=422 if error else 200, checkout=found, price=price, error=error, begins=waits,
        total=money(proration.total(price), price.currency), customer=bank.get("customer", found["customer"]),
        methods=checkouts.methods_of(found),
    )  # fmt: skip


def _begins(bank: Bank, found: Document) -> datetime | None:
    """When the first charge is due, if that is later."""
    later = [moment(found["trial_ends_at"]), moment(found["starts_at"])]
    return max((one for one in later if one and one > bank.now()), default=None)


def invoice(request: WSGIRequest, sandbox: Sandbox, id: str) -> HttpResponse:
    bank, error = sandbox.bank, ""
    if request.method == "POST":
        method = request.POST.get("method", "")
        try:
            card = invoices.read_card(request.POST.get("number", "")) if method == "card" else None
            if method not in checkouts.METHODS:
                raise Refusal("method_unknown")
            subscriptions.settle(bank, id, method, card=card)
        except Refusal as refusal:
            error = str(SAYS.get(refusal.code, refusal.said))
        else:
            return to(f"/invoices/{id}/")
    found = bank.get("invoice", id)
    owner = bank.get("subscription", found["subscription"])
    can_be_paid = found["state"] in invoices.UNPAID_STATES
    brazilian = found["currency"] == "BRL"
    code = invoices.pix_code(found) if brazilian else ""
    return page(
        sandbox, "invoice", status=422 if error else 200, invoice=found, can_be_paid=can_be_paid, error=error,
        total=money(found["amount"], found["currency"]), due=moment(found["due_at"]), code=code,
        line=invoices.boleto_line(found) if brazilian else "", customer=bank.get("customer", found["customer"]),
        qr=segno.make(code, error="m").svg_data_uri(scale=4, border=2) if code else "",
        return_url=bank.get("checkout", owner["checkout"])["success_url"],
    )  # fmt: skip


def receipt(_request: WSGIRequest, sandbox: Sandbox, id: str) -> HttpResponse:
    found = sandbox.bank.get("invoice", id)
    if not found["payments"]:
        raise Refusal("not_found", status=404)
    return page(
        sandbox, "receipt", invoice=found, total=money(invoices.paid(found), found["currency"]),
        paid_at=moment(found["payments"][-1]["paid_at"]), customer=sandbox.bank.get("customer", found["customer"]),
    )  # fmt: skip


def method(request: WSGIRequest, sandbox: Sandbox, id: str) -> HttpResponse:
    bank, error = sandbox.bank, ""
    found = bank.get("method_page", id)
    owner = bank.get("subscription", found["subscription"])
    if request.method == "POST":
        try:
            subscriptions.take_card(bank, owner, invoices.read_card(request.POST.get("number", "")))
        except Refusal as refusal:
            error = str(SAYS.get(refusal.code, refusal.said))
        else:
            return to(found["return_url"])
    return page(
        sandbox, "method", status=422 if error else 200, owner=owner, error=error, return_url=found["return_url"]
    )


def panel(_request: WSGIRequest, sandbox: Sandbox) -> HttpResponse:
    bank = sandbox.bank
    customers = {one["id"]: one for one in bank.store.all("customer")}
    owners = [
        one | {"name": customers[one["customer"]]["name"], "ends": moment(one["period_ends_at"])}
        for one in reversed(bank.store.all("subscription"))
    ]
    issued = [
        one | {"name": customers[one["customer"]]["name"], "total": money(one["amount"], one["currency"])}
        for one in reversed(bank.store.all("invoice"))
    ]
    events = [one | {"at": moment(one["created"])} for one in reversed(bank.store.all("event"))]
    chosen = bank.store.setting("delivery", "at once")
    return page(
        sandbox, "panel", subscriptions=owners[:50], invoices=issued[:50], events=events[:50], modes=MODES.items(),
        mode=chosen, listens=sandbox.postman.url,
    )  # fmt: skip


def clock(request: WSGIRequest, sandbox: Sandbox) -> HttpResponse:
    _only_post(request)
    day = request.POST.get("to", "")
    try:
        to_moment = datetime.fromisoformat(f"{day}T12:00:00+00:00") if day else None
        days, months = int(request.POST.get("days") or 0), int(request.POST.get("months") or 0)
    except ValueError as error:
        raise Refusal("date_invalid", _("That is no date.")) from error
    sandbox.bank.move(days=days, months=months, to=to_moment)
    return to("/")


def delivery_mode(request: WSGIRequest, sandbox: Sandbox) -> HttpResponse:
    _only_post(request)
    mode = request.POST.get("mode", "")
    if mode not in delivery.MODES:
        raise Refusal("mode_unknown")
    delivery.set_mode(sandbox.bank, mode)
    return to("/")


def event_again(request: WSGIRequest, sandbox: Sandbox, id: str) -> HttpResponse:
    """Deliver it (once more) in the next round."""
    _only_post(request)
    event = sandbox.bank.get("event", id)
    sandbox.bank.save("event", event | {"state": "waiting", "next_try": 0.0, "attempts": 0})
    return to("/#events")


def invoice_act(request: WSGIRequest, sandbox: Sandbox, id: str, act: str) -> HttpResponse:
    _only_post(request)
    if act not in ACTS:
        raise Refusal("not_found", status=404)
    ACTS[act](sandbox.bank, sandbox.bank.get("invoice", id))
    return to(request.POST.get("back", "") if request.POST.get("back", "") == f"/invoices/{id}/" else "/")


def let_expire(bank: Bank, invoice: Document) -> None:
    """Its day passes unpaid; a purchase whose first payment that was is over."""
    if invoice["state"] != "open":
        raise Refusal("invoice_closed", status=409)
    owner = bank.get("subscription", invoice["subscription"])
    invoices.run_out(bank, invoice, at=bank.now())
    if owner["state"] == "incomplete":
        subscriptions.end(bank, owner, at=bank.now(), reason="never_paid", state="never")
        checkouts.expire(bank, bank.get("checkout", owner["checkout"]))
    else:
        subscriptions.recompute(bank, owner)


def _only_post(request: WSGIRequest) -> None:
    if request.method != "POST":
        raise Refusal("method_not_allowed", status=405)


def money(amount: str | Decimal, currency: str) -> str:
    whole = f"{Decimal(amount):,.2f}"
    if currency == "BRL":
        return "R$\xa0" + whole.translate(str.maketrans(",.", ".,"))
    return f"{currency} {whole}"
