"""Our side of the sandbox: the protocol over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings

from billing.gateways import bodies, signatures
from billing.gateways.base import (
    Abilities,
    ChangePreview,
    ChargeDetails,
    CheckoutSnapshot,
    CheckoutWanted,
    Event,
    NotGenuine,
    Payer,
    PriceWanted,
    SubscriptionSnapshot,
    Unreadable,
)
from billing.gateways.http import Http
from billing.gateways.registry import NoGateway
from billing.gateways.sandbox import reading

TIMEOUT = 10.0  # seconds


class SandboxGateway:
    name = "sandbox"
    abilities = Abilities(
        methods=("card", "pix", "boleto"), currencies=("BRL", "USD"), prorates=True, has_prices=False, portal=True
    )

    def __init__(self, url: str, secret: str) -> None:
        self.secret = secret
        headers = {"Authorization": f"Bearer {secret}"}
        self.http = Http(f"{url}/api/", headers, timeout=TIMEOUT, read_error=_error)

    @classmethod
    def from_settings(cls) -> Self:
        if not (settings.SANDBOX_URL and settings.SANDBOX_SECRET):
            raise NoGateway("sandbox")
        return cls(settings.SANDBOX_URL, settings.SANDBOX_SECRET)

    def ensure_customer(self, payer: Payer, *, key: str) -> str:
        fields = {
            "reference": payer.reference, "name": payer.name, "email": payer.email, "document": payer.document,
            "phone": payer.phone, "locale": payer.locale,
        }  # fmt: skip
        return str(self.http.post("customers", fields, key=key)["id"])

    def open_checkout(self, wanted: CheckoutWanted) -> CheckoutSnapshot:
        fields = {
            "customer": wanted.customer, "reference": wanted.reference, "organization": wanted.organization,
            "price": _price(wanted.price), "trial_ends_at": _text(wanted.trial_ends_at),
            "starts_at": _text(wanted.starts_at), "method": wanted.method, "success_url": wanted.success_url,
            "cancel_url": wanted.cancel_url,
        }  # fmt: skip
        return reading.checkout(self.http.post("checkouts", fields, key=wanted.key))

    def fetch_checkout(self, id: str) -> CheckoutSnapshot | None:
        found = self.http.find(f"checkouts/{id}")
        return reading.checkout(found) if found else None

    def withdraw_checkout(self, id: str, *, reference: str, key: str) -> None:
        self.http.post("withdrawals", {"id": id, "reference": reference})

    def fetch_subscription(self, id: str) -> SubscriptionSnapshot | None:
        found = self.http.find(f"subscriptions/{id}")
        return reading.subscription(found) if found else None

    def find_subscriptions(self, *, reference: str) -> list[SubscriptionSnapshot]:
        return [reading.subscription(one) for one in self._list(reference=reference)]

    def preview_change(self, id: str, price: PriceWanted, *, now: datetime) -> ChangePreview:
        found = self.http.post(f"subscriptions/{id}/preview", {"price": _price(price), "at": _text(now)})
        return reading.preview(found)

    def change_price(self, id: str, price: PriceWanted, *, prorated_at: datetime | None, key: str) -> None:
        body = {"price": _price(price), "prorated_at": _text(prorated_at)}
        self.http.post(f"subscriptions/{id}/price", body, key=key)

    def end_discount(self, id: str, price: PriceWanted, *, after: int, key: str) -> None:
        """It knows how long a discount lasts."""

    def cancel(self, id: str, *, at_period_end: bool, key: str) -> None:
        if self.http.find(f"subscriptions/{id}"):
            self.http.post(f"subscriptions/{id}/cancellation", {"at_period_end": at_period_end}, key=key)

    def resume(self, id: str, *, key: str) -> None:
        self.http.post(f"subscriptions/{id}/resumption", {}, key=key)

    def method_page(self, id: str, *, return_url: str, key: str) -> str:
        return str(self.http.post(f"subscriptions/{id}/method", {"return_url": return_url}, key=key)["url"])

    def charge_details(self, invoice: str) -> ChargeDetails:
        found = self.http.find(f"invoices/{invoice}/details") or {}
        return ChargeDetails(
            pix=found.get("pix", ""), boleto_line=found.get("boleto_line", ""), boleto_url=found.get("boleto_url", "")
        )

    def refund(self, invoice: str, *, amount: Decimal | None, key: str) -> None:
        self.http.post(f"invoices/{invoice}/refund", {"amount": None if amount is None else str(amount)}, key=key)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        header = headers.get("sandbox-signature", "")
        if not header:
            raise NotGenuine("no signature")
        signatures.verify(body, header, [self.secret], now=time.time())
        payload = bodies.read(body)
        try:
            return reading.event(payload)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(type(error).__name__) from error

    def changed_since(self, since: datetime) -> Iterator[str]:
        for found in self._list(since=_text(since)):
            yield found["id"]

    def all_subscriptions(self) -> Iterator[SubscriptionSnapshot]:
        for found in self._list(alive="1"):
            yield reading.subscription(found)

    def queue_problem(self) -> str:
        given_up = self.http.get("queue").get("given_up", 0)
        return f"{given_up} events were given up" if given_up else ""

    def _list(self, **filters: Any) -> list[dict[str, Any]]:
        return list(self.http.get("subscriptions", **filters)["data"])


def _error(body: Any) -> tuple[str, str]:
    found = body if isinstance(body, dict) else {}
    return str(found.get("code") or ""), str(found.get("said") or "")


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _price(price: PriceWanted) -> dict[str, Any]:
    return {
        "amount": str(price.amount), "currency": price.currency, "interval": price.interval,
        "quantity": price.quantity, "description": price.description, "discount": str(price.discount),
        "discount_periods": price.discount_periods,
    }  # fmt: skip
