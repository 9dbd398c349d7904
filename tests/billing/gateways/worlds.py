"""The three gateways as one: what the contract suite does to each, in the same words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.gateways import signatures
from billing.gateways.asaas import AsaasGateway
from billing.gateways.base import CheckoutWanted, Gateway, Payer, PriceWanted, SubscriptionSnapshot
from billing.gateways.sandbox import SandboxGateway
from billing.gateways.sandbox.server import checkouts, invoices, subscriptions
from billing.gateways.sandbox.server.bank import Bank, Refusal
from billing.gateways.sandbox.server.timing import advance
from billing.gateways.stripe import StripeGateway
from tests.billing.fakes import asaas_words, fake_asaas, fake_stripe, stripe_words
from tests.billing.fakes.fake_asaas import FakeAsaas
from tests.billing.fakes.fake_stripe import FakeStripe
from tests.billing.fakes.wire import listening
from tests.billing.sandboxes import GOOD, SECRET, a_sandbox

WEBHOOK_SECRET = "whsec_of_the_fake"
WEBHOOK_TOKEN = "token-of-the-fake-that-is-long-enough"
PAYER = Payer(reference="org-1", name="Acme", email="a@acme.example", document="11222333000181")
PRO = PriceWanted("price_pro", Decimal("99.00"), "BRL", "month", description="Pro")
TEAM = PriceWanted("price_team", Decimal("199.00"), "BRL", "month", description="Equipe")
YEAR = PriceWanted("price_year", Decimal("990.00"), "BRL", "year", description="Pro")


@dataclass
class Provider:
    """`method`: how it is paid here. `told`: a bank's event as (type, body) in this provider's words, or None."""

    name: str
    gateway: Gateway
    bank: Bank
    server: Any
    method: str
    told: Callable[[dict[str, Any]], tuple[str, bytes] | None]
    headers: Callable[[bytes], dict[str, str]]

    def wanted(self, **changes: Any) -> CheckoutWanted:
        plain = {
            "key": "checkout:1", "reference": "0198c0de-0000-7000-8000-000000000001", "organization": "org-1",
            "price": PRO, "trial_ends_at": None, "success_url": "http://acme.example/done/",
            "cancel_url": "http://acme.example/back/",
        }  # fmt: skip
        customer = self.gateway.ensure_customer(PAYER, key="customer:org-1")
        return CheckoutWanted(customer=customer, **{**plain, **changes})

    def finish(self, checkout: str, number: str = GOOD) -> str:
        """As the payer does it on the page; the code of a refusal."""
        try:
            if self.name == "asaas":
                first = self.bank.invoices_of(checkout)[0]
                card = invoices.read_card(number)
                subscriptions.settle(self.bank, first["id"], "pix", card=card)
            else:
                checkouts.finish(self.bank, self.bank.get("checkout", checkout), "card", number=number)
        except Refusal as refusal:
            return refusal.code
        return ""

    def subscribed(self, **changes: Any) -> SubscriptionSnapshot:
        opened = self.gateway.open_checkout(self.wanted(**changes))
        if opened.is_open:
            assert self.finish(opened.id) == ""
        done = self.gateway.fetch_checkout(opened.id)
        assert done is not None
        assert done.is_done
        return self.again(done.subscription)

    def again(self, id: str) -> SubscriptionSnapshot:
        found = self.gateway.fetch_subscription(id)
        assert found is not None
        return found

    def move(self, **by: Any) -> None:
        self.bank.move(**by)
        advance(self.bank)

    def dispute(self, invoice: str, outcome: str) -> None:
        found = invoices.dispute(self.bank, self.bank.get("invoice", invoice), outcome=outcome)
        self.bank.save("invoice", found | {"was_disputed": True})

    def events(self) -> list[tuple[str, bytes]]:
        told = (self.told(one) for one in self.bank.store.all("event"))
        return [one for one in told if one]


@contextmanager
def sandbox(_settings: Any) -> Iterator[Provider]:
    with a_sandbox() as world:
        gateway = SandboxGateway(world.url, SECRET)
        yield Provider(
            "sandbox", gateway, world.sandbox.bank, world.sandbox, "card",
            lambda event: (event["type"], event["body"].encode()), world.sandbox.postman.headers,
        )  # fmt: skip


@contextmanager
def stripe(settings: Any) -> Iterator[Provider]:
    fake = FakeStripe()
    with listening(fake):
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake_stripe.KEY, fake.url
        settings.STRIPE_WEBHOOK_SECRETS = ["whsec_old", WEBHOOK_SECRET]
        yield Provider(
            "stripe", StripeGateway.from_settings(), fake.bank, fake, "card",
            lambda event: _as_bytes(stripe_words.event(fake.bank, fake.url, event), "type"),
            lambda body: {"Stripe-Signature": signatures.sign(body, WEBHOOK_SECRET, at=int(time.time()))},
        )  # fmt: skip


@contextmanager
def asaas(settings: Any) -> Iterator[Provider]:
    fake = FakeAsaas()
    with listening(fake):
        settings.ASAAS_API_KEY, settings.ASAAS_API_BASE = fake_asaas.KEY, f"{fake.url}/v3"
        settings.ASAAS_WEBHOOK_TOKEN = WEBHOOK_TOKEN
        yield Provider(
            "asaas", AsaasGateway.from_settings(), fake.bank, fake, "pix",
            lambda event: _as_bytes(asaas_words.event(fake.bank, fake.url, event), "event"),
            lambda _body: {"asaas-access-token": WEBHOOK_TOKEN},
        )  # fmt: skip


def _as_bytes(told: dict[str, Any] | None, type: str) -> tuple[str, bytes] | None:
    return (told[type], json.dumps(told).encode()) if told else None


ALL = {"sandbox": sandbox, "stripe": stripe, "asaas": asaas}
