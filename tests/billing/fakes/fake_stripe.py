"""A Stripe that refuses what the real one refuses: unknown parameters, other keys, another request under one key."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from billing.gateways.sandbox.server import checkouts, invoices, subscriptions
from billing.gateways.sandbox.server.bank import Bank, Refusal, text
from billing.gateways.sandbox.server.store import Store
from billing.gateways.sandbox.server.timing import advance
from tests.billing.fakes import stripe_words as words
from tests.billing.fakes.wire import Request

KEY = "sk_test_of_the_fake"
PRICES = {
    "price_pro": ("99.00", "BRL", "month"), "price_team": ("199.00", "BRL", "month"),
    "price_year": ("990.00", "BRL", "year"),
}  # fmt: skip
PAGING = {"limit", "starting_after", "ending_before", "expand"}
# What each call takes, at its top. All else is refused.
TAKES: list[tuple[str, str, set[str]]] = [
    ("GET", r"/v1/customers/\w+", {"expand"}),
    ("GET", r"/v1/customers", {"email", "created"} | PAGING),
    ("POST", r"/v1/customers(/\w+)?", {"name", "email", "phone", "metadata", "expand"}),
    ("POST", r"/v1/coupons", {"amount_off", "percent_off", "currency", "duration", "duration_in_months"}),
    ("POST", r"/v1/checkout/sessions", {
        "mode", "customer", "client_reference_id", "line_items", "success_url", "cancel_url", "metadata", "discounts",
        "payment_method_collection", "locale", "subscription_data", "allow_promotion_codes"}),
    ("GET", r"/v1/checkout/sessions/\w+", {"expand"}),
    ("POST", r"/v1/checkout/sessions/\w+/expire", {"expand"}),
    ("GET", r"/v1/subscriptions/search", {"query", "page", "limit", "expand"}),
    ("GET", r"/v1/subscriptions", {"status", "created", "customer", "price"} | PAGING),
    ("GET", r"/v1/subscriptions/\w+", {"expand"}),
    ("POST", r"/v1/subscriptions/\w+", {
        "items", "proration_behavior", "proration_date", "payment_behavior", "cancel_at_period_end", "cancel_at",
        "metadata", "billing_cycle_anchor"}),
    ("DELETE", r"/v1/subscriptions/\w+", {"invoice_now", "prorate"}),
    ("GET", r"/v1/invoices", {"subscription", "status", "customer", "created"} | PAGING),
    ("POST", r"/v1/invoices/create_preview", {"subscription", "subscription_details", "customer"}),
    ("GET", r"/v1/invoices/\w+", {"expand"}),
    ("POST", r"/v1/invoices/\w+/void", set()),
    ("POST", r"/v1/billing_portal/sessions", {"customer", "return_url", "flow_data", "configuration", "locale"}),
    ("POST", r"/v1/refunds", {"payment_intent", "charge", "amount", "reason", "metadata"}),
    ("GET", r"/v1/charges", {"customer", "payment_intent", "created"} | PAGING),
    ("GET", r"/v1/disputes", {"payment_intent", "charge", "created"} | PAGING),
    ("GET", r"/v1/events", {"created", "type", "types", "delivery_success"} | PAGING),
    ("GET", r"/v1/webhook_endpoints", PAGING),
]  # fmt: skip


class FakeStripe:
    def __init__(self) -> None:
        self.url, self.loses_answer_of, self.is_away = "", "", False
        self.bank = Bank(Store())
        self.endpoints: list[dict[str, Any]] = []

    def refused(self, refusal: Refusal) -> tuple[int, Any]:
        kind = {"card_declined": "card_error", "idempotency_error": "idempotency_error"}.get(refusal.code)
        error = {"type": kind or "invalid_request_error", "code": refusal.code, "message": refusal.said}
        return 400 if refusal.status in (409, 422) else refusal.status, {"error": error}

    def answer(self, asked: Request) -> tuple[int, Any]:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            raise Refusal("api_key_invalid", status=401)
        pairs = parse_qsl(asked.raw.decode(), keep_blank_values=True)
        pairs += [(name, value) for name, values in asked.query.items() for value in values]
        params = nested(pairs)
        takes = next(
            (t for method, path, t in TAKES if method == asked.method and re.fullmatch(path, asked.path)), None
        )
        if takes is None:
            raise Refusal("url_invalid", status=404)
        if unknown := set(params) - takes:
            raise Refusal("parameter_unknown", f"Received unknown parameter: {min(unknown)}", status=400)
        with self.bank.store.transaction():
            advance(self.bank)
            return 200, self._once(asked, params)

    def _once(self, asked: Request, params: dict[str, Any]) -> Any:
        key = asked.headers.get("idempotency-key", "") if asked.method == "POST" else ""
        digest = sha256(asked.path.encode() + asked.raw).hexdigest()
        if known := key and self.bank.store.find("key", key):
            if known["asked"] != digest:
                raise Refusal("idempotency_error", status=400)
            return known["answer"]
        answer = self._routed(asked.method, asked.path.removeprefix("/v1/").split("/"), params)
        if key:
            self.bank.store.save("key", {"id": key, "asked": digest, "answer": answer})
        return answer

    def _routed(self, method: str, path: list[str], params: dict[str, Any]) -> Any:
        bank, store = self.bank, self.bank.store
        match (method, *path):
            case ("GET", "customers"):
                return listed([one for one in store.all("customer") if one["email"] == params.get("email")])
            case ("GET", "customers", id):
                return self._get("customer", id)
            case ("POST", "customers"):
                return bank.make("customer", "cus", object="customer", **params)
            case ("POST", "customers", id):
                return bank.save("customer", self._get("customer", id) | params)
            case ("POST", "coupons"):
                return bank.make("coupon", "co", **params)
            case ("POST", "checkout", "sessions"):
                return words.session(self.url, self._session(params))
            case ("GET", "checkout", "sessions", id):
                return words.session(self.url, self._get("checkout", id))
            case ("POST", "checkout", "sessions", id, "expire"):
                open_one = self._get("checkout", id)
                if open_one["state"] != "open":
                    raise Refusal("checkout_session_not_open", "Only open sessions can be expired.", status=400)
                checkouts.expire(bank, open_one)
                return words.session(self.url, self._get("checkout", id))
            case ("GET", "subscriptions", "search"):
                return listed([])  # it is a minute behind
            case ("GET", "subscriptions"):
                over = () if params.get("status") == "all" else ("canceled", "never")
                found = [one for one in store.all("subscription") if one["state"] not in over]
                return listed([words.subscription(bank, one) for one in found])
            case ("GET", "subscriptions", id):
                return words.subscription(bank, self._get("subscription", id), whole_customer="expand" in params)
            case ("POST", "subscriptions", id):
                return words.subscription(bank, self._changed(self._get("subscription", id), params))
            case ("DELETE", "subscriptions", id):
                owner = self._get("subscription", id)
                if owner["state"] in subscriptions.OVER:
                    raise Refusal("resource_missing", status=404)
                subscriptions.cancel(bank, owner, at_period_end=False)
                return words.subscription(bank, owner)
            case ("GET", "invoices"):
                return listed(self._invoices(params))
            case ("POST", "invoices", "create_preview"):
                return {"object": "invoice", "amount_due": self._preview(params)}
            case ("GET", "invoices", id):
                return words.invoice(bank, self.url, self._get("invoice", id))
            case ("POST", "invoices", id, "void"):
                invoices.withdraw(bank, self._get("invoice", id))
                return words.invoice(bank, self.url, self._get("invoice", id))
            case ("POST", "billing_portal", "sessions"):
                owner = next(one for one in store.all("subscription") if one["customer"] == params["customer"])
                return {"object": "billing_portal.session", "url": f"{self.url}/portal/{owner['id']}"}
            case ("POST", "refunds"):
                invoice = self._get("invoice", f"inv_{params['payment_intent'][3:]}")
                amount = invoices.Decimal(params["amount"]) / 100 if "amount" in params else None
                invoices.refund(bank, invoice, amount)
                return {"object": "refund", "status": "succeeded"}
            case ("GET", "charges"):
                paid = [
                    one for one in store.all("invoice") if one["payments"] and one["customer"] == params["customer"]
                ]
                return listed([words.charge(self.url, one) for one in reversed(paid)])
            case ("GET", "disputes"):
                invoice = self._get("invoice", f"inv_{params['payment_intent'][3:]}")
                return listed([{"status": "needs_response" if invoice["state"] == "disputed" else "won"}])
            case ("GET", "events"):
                told = [words.event(bank, self.url, one) for one in reversed(store.all("event"))]
                since = int(params["created"]["gte"])
                return listed([one for one in told if one and one["created"] >= since])
            case ("GET", "webhook_endpoints"):
                return listed(self.endpoints)
        raise Refusal("url_invalid", status=404)

    def _get(self, kind: str, id: str) -> dict[str, Any]:
        found = self.bank.store.find(kind, id)
        if found is None:
            raise Refusal("resource_missing", f"No such {kind}: '{id}'", status=404)
        return found

    def _session(self, params: dict[str, Any]) -> dict[str, Any]:
        extra = params.get("subscription_data", {})
        self._get("customer", params["customer"])
        ends = extra.get("trial_end")
        now = self.bank.now()
        trial = datetime.fromtimestamp(int(ends), UTC) if ends else None
        if trial and trial < now + timedelta(hours=48):
            raise Refusal("trial_end_too_soon", "trial_end must be at least 2 days in the future", status=400)
        (line,) = params["line_items"].values()
        price = self._price(line["price"], int(line["quantity"]))
        for discount in params.get("discounts", {}).values():
            coupon = self._get("coupon", discount["coupon"])
            periods = coupon.get("duration_in_months")
            price |= {
                "discount": str(invoices.Decimal(coupon["amount_off"]) / 100),
                "discount_periods": int(periods) if periods else None,
            }
        metadata = extra.get("metadata", {})
        waits = metadata.get("waits") == "1"
        return self.bank.make(
            "checkout", "cs", customer=params["customer"], organization=metadata.get("organization_id", ""),
            reference=metadata.get("reference", ""), metadata=metadata, price=price,
            session_metadata=params["metadata"],
            trial_ends_at=text(trial) if trial and not waits else None, method="card",
            starts_at=text(trial) if trial and waits else None, success_url=params["success_url"],
            cancel_url=params["cancel_url"], state="open", subscription="",
            expires_at=text(now + checkouts.LASTS),
        )  # fmt: skip

    def _price(self, id: str, quantity: int) -> dict[str, Any]:
        if id not in PRICES:
            raise Refusal("resource_missing", f"No such price: '{id}'", status=400)
        amount, currency, interval = PRICES[id]
        return {
            "external_id": id, "amount": amount, "currency": currency, "interval": interval, "quantity": quantity,
            "discount": "0", "discount_periods": None,
        }  # fmt: skip

    def _changed(self, found: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        if "billing_cycle_anchor" in params and not isinstance(params["billing_cycle_anchor"], dict):
            raise Refusal("parameter_invalid", "billing_cycle_anchor is an object", status=400)
        if "items" in params:
            (item,) = params["items"].values()
            if item.get("id") != f"si_{found['id'][4:]}":
                raise Refusal("parameter_invalid", "a second item would be added", status=400)
            price = self._price(item["price"], int(item.get("quantity", 1)))
            at = datetime.fromtimestamp(int(params["proration_date"]), UTC) if "proration_date" in params else None
            if at is None and params.get("proration_behavior") == "none":
                subscriptions.change(self.bank, found, price, prorated_at=None)
                found |= {"price": price, "next_price": None}
                self.bank.save("subscription", found)
            else:
                subscriptions.change(self.bank, found, price, prorated_at=at or self.bank.now())
        if params.get("cancel_at_period_end") == "true":
            subscriptions.cancel(self.bank, found, at_period_end=True)
        elif params.get("cancel_at_period_end") == "false" or params.get("cancel_at") == "":
            subscriptions.resume(self.bank, found)
        return self._get("subscription", found["id"])

    def _invoices(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        found = reversed(self.bank.invoices_of(params["subscription"]))
        shown = [words.invoice(self.bank, self.url, one) for one in found]
        return [one for one in shown if params.get("status") in (None, one["status"])]

    def _preview(self, params: dict[str, Any]) -> int:
        details = params["subscription_details"]
        (item,) = details["items"].values()
        found = self._get("subscription", params["subscription"])
        at = datetime.fromtimestamp(int(details["proration_date"]), UTC)
        price = self._price(item["price"], int(item["quantity"]))
        return words.cents(subscriptions.preview(self.bank, found, price, at=at)["due_now"])


def listed(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"object": "list", "data": found, "has_more": False}


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=c` as dictionaries."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = re.findall(r"[^\[\]]+", name)
        place = whole
        for step, following in zip([first, *rest], rest, strict=False):
            place = place.setdefault(step, {})
            del following
        place[[first, *rest][-1]] = value
    return whole
