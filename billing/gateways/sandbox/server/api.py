"""What programs ask of the sandbox: JSON, with its secret as a bearer token. Amounts are texts, moments ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, JsonResponse

from billing.gateways import signatures
from billing.gateways.sandbox.server import checkouts, delivery, invoices, subscriptions
from billing.gateways.sandbox.server.app import Sandbox
from billing.gateways.sandbox.server.bank import Bank, Refusal, moment, text
from billing.gateways.sandbox.server.store import Document

View = Callable[..., Any]


def endpoint(**methods: View) -> Callable[..., HttpResponse]:
    """A view for each method. A POST with an Idempotency-Key is done once, and its answer kept."""

    @wraps(next(iter(methods.values())))
    def view(request: WSGIRequest, sandbox: Sandbox, **arguments: str) -> HttpResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not signatures.same_token(given, sandbox.secret):
            raise Refusal("key_unknown", "The key is not this sandbox's.", status=401)
        chosen = methods.get(request.method or "")
        if chosen is None:
            raise Refusal("method_not_allowed", status=405)
        key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        try:
            return JsonResponse(_once(sandbox.bank, key, request, lambda: chosen(sandbox, _body(request), **arguments)))
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            raise Refusal("request_invalid", f"{type(error).__name__}: {error}"[:200], status=400) from error

    return view


def _once(bank: Bank, key: str, request: WSGIRequest, do: Callable[[], Any]) -> Any:
    if not key:
        return do()
    asked = sha256(request.path.encode() + b"\0" + request.body).hexdigest()
    if known := bank.store.find("key", key):
        if known["asked"] != asked:
            raise Refusal("idempotency_error", "This key was used for something else.", status=409)
        return known["answer"]
    answer = do()
    bank.store.save("key", {"id": key, "asked": asked, "answer": answer})
    return answer


def _body(request: WSGIRequest) -> Document:
    if request.method == "GET":
        return dict(request.GET.items())
    found = json.loads(request.body or b"{}")
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def customer_create(sandbox: Sandbox, body: Document) -> Document:
    return {"id": checkouts.ensure_customer(sandbox.bank, body)["id"]}


def checkout_create(sandbox: Sandbox, body: Document) -> Document:
    wanted = {
        name: body[name]
        for name in (
            "customer", "reference", "organization", "price", "trial_ends_at", "starts_at", "method", "success_url",
            "cancel_url",
        )
    }  # fmt: skip
    for name in ("trial_ends_at", "starts_at"):
        moment(wanted[name])
    return shown_checkout(sandbox, checkouts.open_checkout(sandbox.bank, wanted))


def checkout_show(sandbox: Sandbox, _body: Document, id: str) -> Document:
    return shown_checkout(sandbox, sandbox.bank.get("checkout", id))


def checkout_withdraw(sandbox: Sandbox, body: Document) -> Document:
    """By its id, or what is open with the reference."""
    for one in sandbox.bank.store.all("checkout"):
        if one["id"] == body["id"] or (not body["id"] and one["reference"] == body["reference"]):
            checkouts.withdraw(sandbox.bank, one)
    return {}


def shown_checkout(sandbox: Sandbox, checkout: Document) -> Document:
    return checkout | {"url": f"{sandbox.url}/checkout/{checkout['id']}/" if checkout["state"] == "open" else ""}


def subscription_list(sandbox: Sandbox, body: Document) -> Document:
    """Filters: `reference`, `since` (changed at or after it), `alive`."""
    found = sandbox.bank.store.all("subscription")
    if "reference" in body:
        found = [one for one in found if one["reference"] == body["reference"]]
    if "since" in body:
        since = datetime.fromisoformat(body["since"])
        changed = {one["subscription"] for one in _events(sandbox.bank, since)}
        found = [one for one in found if one["id"] in changed]
    if body.get("alive"):
        found = [one for one in found if one["state"] not in subscriptions.OVER]
    return {"data": [shown(sandbox, one, whole="alive" not in body) for one in found]}


def _events(bank: Bank, since: datetime) -> list[Document]:
    return [one["about"] for one in bank.store.all("event") if datetime.fromisoformat(one["created"]) >= since]


def subscription_show(sandbox: Sandbox, _body: Document, id: str) -> Document:
    return shown(sandbox, sandbox.bank.get("subscription", id))


def shown(sandbox: Sandbox, subscription: Document, *, whole: bool = True) -> Document:
    found = reversed(sandbox.bank.invoices_of(subscription["id"])) if whole else []
    rest = {name: value for name, value in subscription.items() if name != "card"}
    return rest | {"has_card": bool(subscription["card"]), "invoices": [shown_invoice(sandbox, one) for one in found]}


def shown_invoice(sandbox: Sandbox, invoice: Document) -> Document:
    page = f"{sandbox.url}/invoices/{invoice['id']}/"
    receipt = f"{page}receipt/" if invoice["state"] in ("paid", "refunded") else ""
    return invoice | {"paid": str(invoices.paid(invoice)), "page_url": page, "receipt_url": receipt}


def subscription_preview(sandbox: Sandbox, body: Document, id: str) -> Document:
    subscription, at = sandbox.bank.get("subscription", id), datetime.fromisoformat(body["at"])
    return subscriptions.preview(sandbox.bank, subscription, body["price"], at=at)


def subscription_change(sandbox: Sandbox, body: Document, id: str) -> Document:
    subscription = sandbox.bank.get("subscription", id)
    subscriptions.change(sandbox.bank, subscription, body["price"], prorated_at=moment(body["prorated_at"]))
    return {}


def subscription_cancel(sandbox: Sandbox, body: Document, id: str) -> Document:
    subscriptions.cancel(sandbox.bank, sandbox.bank.get("subscription", id), at_period_end=bool(body["at_period_end"]))
    return {}


def subscription_resume(sandbox: Sandbox, _body: Document, id: str) -> Document:
    subscriptions.resume(sandbox.bank, sandbox.bank.get("subscription", id))
    return {}


def method_page_create(sandbox: Sandbox, body: Document, id: str) -> Document:
    subscription = sandbox.bank.get("subscription", id)
    page = sandbox.bank.make("method_page", "met", subscription=subscription["id"], return_url=body["return_url"])
    return {"url": f"{sandbox.url}/method/{page['id']}/"}


def invoice_details(sandbox: Sandbox, _body: Document, id: str) -> Document:
    invoice = sandbox.bank.get("invoice", id)
    if invoice["state"] not in invoices.UNPAID_STATES or invoice["currency"] != "BRL":
        return {"pix": "", "boleto_line": "", "boleto_url": ""}
    page = f"{sandbox.url}/invoices/{id}/"
    return {"pix": invoices.pix_code(invoice), "boleto_line": invoices.boleto_line(invoice), "boleto_url": page}


def invoice_refund(sandbox: Sandbox, body: Document, id: str) -> Document:
    amount = None if body["amount"] is None else Decimal(body["amount"])
    invoices.refund(sandbox.bank, sandbox.bank.get("invoice", id), amount)
    return {}


def clock_show(sandbox: Sandbox, _body: Document) -> Document:
    return {"offset": sandbox.bank.offset, "now": text(sandbox.bank.now())}


def clock_move(sandbox: Sandbox, body: Document) -> Document:
    """`days`, `months`, or `to`."""
    sandbox.bank.move(days=int(body.get("days", 0)), months=int(body.get("months", 0)), to=moment(body.get("to")))
    return clock_show(sandbox, {})


def event_list(sandbox: Sandbox, _body: Document) -> Document:
    """Oldest first, with the body that is posted."""
    return {"data": sandbox.bank.store.all("event")}


def delivery_set(sandbox: Sandbox, body: Document) -> Document:
    if body["mode"] not in delivery.MODES:
        raise Refusal("mode_unknown", ", ".join(delivery.MODES))
    delivery.set_mode(sandbox.bank, body["mode"])
    return {}


def queue_show(sandbox: Sandbox, _body: Document) -> Document:
    """How many events wait, and since when the oldest does."""
    waiting = [one for one in sandbox.bank.store.all("event") if one["state"] != "delivered"]
    return {"waiting": len(waiting), "given_up": sum(one["state"] == "given up" for one in waiting)}
