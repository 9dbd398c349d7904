"""The protocol by Stripe's API."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings

from billing.gateways import bodies, proration, signatures
from billing.gateways.base import (
    Abilities,
    ChangePreview,
    ChargeDetails,
    CheckoutSnapshot,
    CheckoutWanted,
    Event,
    GatewayRefused,
    Payer,
    PriceWanted,
    SubscriptionSnapshot,
)
from billing.gateways.registry import NoGateway
from billing.gateways.stripe import reading
from billing.gateways.stripe.calling import ask, client, find, pages

SHORTEST_WAIT = timedelta(hours=48, minutes=10)  # a trial's end lies further ahead than two days
INVOICES = 24
OVER = ("canceled", "incomplete_expired")
EXPAND = ["customer"]


class StripeGateway:
    name = "stripe"
    abilities = Abilities(methods=("card",), currencies=("BRL", "USD"), prorates=True, has_prices=True, portal=True)

    def __init__(self) -> None:
        self.api = client().v1

    @classmethod
    def from_settings(cls) -> Self:
        return cls()

    def ensure_customer(self, payer: Payer, *, key: str) -> str:
        wanted = {"name": payer.name, "email": payer.email, "metadata": {"organization_id": payer.reference}}
        if payer.phone:
            wanted["phone"] = payer.phone
        known = self._customer(payer)
        if known is None:
            return str(ask(self.api.customers.create, key=key, **wanted)["id"])
        if any(known.get(name) != wanted[name] for name in ("name", "email")):
            ask(self.api.customers.update, known["id"], name=payer.name, email=payer.email)
        return str(known["id"])

    def _customer(self, payer: Payer) -> dict[str, Any] | None:
        """By its id, for an e-mail may change; by its e-mail, where the answer with the id was lost."""
        remembered = find(self.api.customers.retrieve, payer.known_as) if payer.known_as else None
        found = [remembered] if remembered else pages(self.api.customers.list, email=payer.email)
        ours = (one for one in found if one.get("metadata", {}).get("organization_id") == payer.reference)
        return next((one for one in ours if not one.get("deleted")), None)

    def open_checkout(self, wanted: CheckoutWanted) -> CheckoutSnapshot:
        metadata = {"reference": wanted.reference, "organization_id": wanted.organization}
        session: dict[str, Any] = {
            "mode": "subscription", "customer": wanted.customer, "client_reference_id": wanted.organization,
            "line_items": [_line(wanted.price)], "success_url": wanted.success_url, "cancel_url": wanted.cancel_url,
            "metadata": metadata, "payment_method_collection": "always", "locale": "auto",
            "subscription_data": {"metadata": metadata},
        }  # fmt: skip
        if later := wanted.starts_at or wanted.trial_ends_at:
            ends = max(later, datetime.now(UTC) + SHORTEST_WAIT)
            session["subscription_data"]["trial_end"] = int(ends.timestamp())
            session["subscription_data"]["trial_settings"] = {"end_behavior": {"missing_payment_method": "cancel"}}
            if wanted.starts_at:
                session["subscription_data"]["metadata"] = metadata | {"waits": "1"}
        if wanted.price.discount:
            session["discounts"] = [{"coupon": self._coupon(wanted)}]
        return reading.checkout(ask(self.api.checkout.sessions.create, key=wanted.key, **session))

    def fetch_checkout(self, id: str) -> CheckoutSnapshot | None:
        found = find(self.api.checkout.sessions.retrieve, id)
        return reading.checkout(found) if found else None

    def withdraw_checkout(self, id: str, *, reference: str, key: str) -> None:
        """Without its id there is nothing to pay: the address of its page came with it."""
        if not id:
            return
        try:
            ask(self.api.checkout.sessions.expire, id)
        except GatewayRefused:  # it is expired already, or done
            found = self.fetch_checkout(id)
            if found is not None and found.is_open:
                raise

    def fetch_subscription(self, id: str) -> SubscriptionSnapshot | None:
        found = find(self.api.subscriptions.retrieve, id, expand=EXPAND)
        return self._whole(found) if found else None

    def find_subscriptions(self, *, reference: str) -> list[SubscriptionSnapshot]:
        """By its search, which is a minute behind, and among those made in the last hour."""
        query = f"metadata['reference']:'{reference}'"
        recent = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
        made = [
            *ask(self.api.subscriptions.search, query=query)["data"],
            *pages(self.api.subscriptions.list, status="all", created={"gte": recent}),
        ]
        ids = [one["id"] for one in made if one.get("metadata", {}).get("reference") == reference]
        found = (self.fetch_subscription(id) for id in dict.fromkeys(ids))
        return [one for one in found if one]

    def preview_change(self, id: str, price: PriceWanted, *, now: datetime) -> ChangePreview:
        found = ask(self.api.subscriptions.retrieve, id)
        details = {
            "items": [self._item(found, price)], "proration_behavior": "always_invoice",
            "proration_date": int(now.timestamp()),
        }  # fmt: skip
        preview = ask(self.api.invoices.create_preview, subscription=id, subscription_details=details)
        ends = reading.period(found)[1]
        anew = ends is None or _interval(found) != price.interval
        next_at = proration.after(now, price.interval, 1) if anew or ends is None else ends
        due, at = reading.money(max(preview["amount_due"], 0)), now.replace(microsecond=0)
        return ChangePreview(due, proration.total(price), next_at, price.currency, at)

    def change_price(self, id: str, price: PriceWanted, *, prorated_at: datetime | None, key: str) -> None:
        """A card that refuses the difference leaves everything as it was. Another interval begins at once only."""
        found = ask(self.api.subscriptions.retrieve, id)
        change: dict[str, Any] = {"items": [self._item(found, price)], "proration_behavior": "none"}
        if prorated_at:
            change |= {
                "proration_behavior": "always_invoice", "proration_date": int(prorated_at.timestamp()),
                "payment_behavior": "error_if_incomplete",
            }  # fmt: skip
        elif _interval(found) != price.interval:
            raise GatewayRefused("interval_begins_at_once")
        ask(self.api.subscriptions.update, id, key=key, **change)

    def end_discount(self, id: str, price: PriceWanted, *, after: int, key: str) -> None:
        """It knows how long a discount lasts."""

    def cancel(self, id: str, *, at_period_end: bool, key: str) -> None:
        found = find(self.api.subscriptions.retrieve, id)
        if found is None or found["status"] in OVER:
            return
        if at_period_end:
            ask(self.api.subscriptions.update, id, key=key, cancel_at_period_end=True)
            return
        ask(self.api.subscriptions.cancel, id, key=key)
        for invoice in pages(self.api.invoices.list, subscription=id, status="open"):
            ask(self.api.invoices.void_invoice, invoice["id"])

    def resume(self, id: str, *, key: str) -> None:
        """The portal may have set a day instead of the period's end."""
        found = ask(self.api.subscriptions.retrieve, id)
        by_day = found.get("cancel_at") and not found.get("cancel_at_period_end")
        ask(
            self.api.subscriptions.update,
            id,
            key=key,
            **({"cancel_at": ""} if by_day else {"cancel_at_period_end": False}),
        )

    def method_page(self, id: str, *, return_url: str, key: str) -> str:
        customer = bodies.text(ask(self.api.subscriptions.retrieve, id)["customer"])
        flow = {"type": "payment_method_update"}
        page = ask(
            self.api.billing_portal.sessions.create, key=key, customer=customer, return_url=return_url, flow_data=flow
        )
        return str(page["url"])

    def charge_details(self, invoice: str) -> ChargeDetails:
        return ChargeDetails()

    def refund(self, invoice: str, *, amount: Decimal | None, key: str) -> None:
        found = ask(self.api.invoices.retrieve, invoice, expand=["payments"])
        paid = [one for one in found["payments"]["data"] if one["status"] == "paid"]
        intent = next((bodies.text(one["payment"].get("payment_intent")) for one in paid), "")
        if not intent:
            raise GatewayRefused("nothing_to_refund")
        wanted: dict[str, Any] = {"payment_intent": intent}
        if amount is not None:
            wanted["amount"] = int(amount * 100)
        ask(self.api.refunds.create, key=key, **wanted)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        secrets = [one for one in settings.STRIPE_WEBHOOK_SECRETS if one]
        if not secrets:
            raise NoGateway("stripe")
        signatures.verify(body, headers.get("stripe-signature", ""), secrets, now=time.time())
        is_live = "_test_" not in settings.STRIPE_SECRET_KEY[:9]
        return reading.event(bodies.read(body), is_live=is_live)

    def changed_since(self, since: datetime) -> Iterator[str]:
        """Its events tell, those of the last thirty days."""
        seen = set()
        for found in pages(self.api.events.list, created={"gte": int(since.timestamp())}):
            id = reading.event(found, is_live=bool(found.get("livemode"))).subscription
            if id and id not in seen:
                seen.add(id)
                yield id

    def all_subscriptions(self) -> Iterator[SubscriptionSnapshot]:
        for found in pages(self.api.subscriptions.list):
            if found["status"] not in OVER and found.get("metadata", {}).get("reference"):
                yield reading.subscription(found)

    def queue_problem(self) -> str:
        for endpoint in pages(self.api.webhook_endpoints.list):
            if endpoint["url"].endswith("/webhooks/stripe/") and endpoint["status"] != "enabled":
                return f"the endpoint {endpoint['url']} is {endpoint['status']}"
        return ""

    def _whole(self, found: dict[str, Any]) -> SubscriptionSnapshot:
        """With its invoices, and what became of the money."""
        listed = ask(self.api.invoices.list, subscription=found["id"], limit=INVOICES, expand=["data.payments"])["data"]
        charges, lost = {}, set()
        if any(one.get("amount_paid") for one in listed):
            taken = ask(self.api.charges.list, customer=bodies.text(found["customer"]), limit=100)["data"]
            charges = {bodies.text(one["payment_intent"]): one for one in taken if one.get("payment_intent")}
            for intent, charge in charges.items():
                if charge.get("disputed"):
                    disputes = ask(self.api.disputes.list, payment_intent=intent)["data"]
                    if any(one["status"] != "won" and not one["status"].startswith("warning") for one in disputes):
                        lost.add(intent)
        return reading.subscription(found, listed, charges, frozenset(lost))

    def _coupon(self, wanted: CheckoutWanted) -> str:
        price = wanted.price
        months = (price.discount_periods or 0) * (12 if price.interval == "year" else 1)
        lasts = {"duration": "repeating", "duration_in_months": months} if months else {"duration": "forever"}
        amount = {"amount_off": int(price.discount * 100), "currency": price.currency.lower()}
        return str(ask(self.api.coupons.create, key=f"{wanted.key}:coupon", **amount, **lasts)["id"])

    def _item(self, found: dict[str, Any], price: PriceWanted) -> dict[str, Any]:
        """The item's id, or a second one would be added; the quantity, or it would be 1 again."""
        if not price.external_id:
            raise GatewayRefused("price_unknown")
        return {"id": found["items"]["data"][0]["id"], "price": price.external_id, "quantity": price.quantity}


def _line(price: PriceWanted) -> dict[str, Any]:
    if not price.external_id:
        raise GatewayRefused("price_unknown")
    return {"price": price.external_id, "quantity": price.quantity}


def _interval(found: dict[str, Any]) -> str:
    recurring = found["items"]["data"][0]["price"].get("recurring") or {}
    return str(recurring.get("interval") or "")
