"""A sandbox gateway in the test's own process, over real HTTP; the test plays payer, clock and postman."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from billing.gateways.sandbox import SandboxGateway
from billing.gateways.sandbox.server import subscriptions
from billing.gateways.sandbox.server.app import Sandbox, serving
from billing.gateways.sandbox.server.timing import advance
from shared_apps.core.json_api import tls

SECRET = "sandbox-secret-of-the-tests"
GOOD, DECLINED, LATER_DECLINED = "4242424242424242", "4000000000000002", "4000000000000341"


@dataclass
class World:
    """A provider and our adapter to it. Events wait until a test takes them."""

    sandbox: Sandbox

    @property
    def url(self) -> str:
        return self.sandbox.url

    @property
    def gateway(self) -> SandboxGateway:
        return SandboxGateway(self.url, SECRET)

    def move(self, **by: Any) -> None:
        """`days`, `months` or `to`; what happens meanwhile has happened."""
        self.sandbox.bank.move(**by)
        advance(self.sandbox.bank)

    def finish(self, checkout_url: str, method: str = "card", number: str = GOOD) -> httpx.Response:
        """As the payer does it on the page."""
        return httpx.post(checkout_url, data={"method": method, "number": number}, verify=tls())

    def pay(self, invoice: str, method: str = "pix") -> None:
        subscriptions.settle(self.sandbox.bank, invoice, method)

    def act(self, invoice: str, act: str) -> httpx.Response:
        """ "refund", "dispute", "won", "lost", "expire": a button of the panel."""
        return httpx.post(f"{self.url}/invoices/{invoice}/{act}/", verify=tls())

    def change_card(self, subscription: str, number: str) -> httpx.Response:
        page = self.gateway.method_page(subscription, return_url="http://back.example/", key=f"method:{number}")
        return httpx.post(page, data={"number": number}, verify=tls())

    def events(self) -> list[tuple[str, bytes, dict[str, str]]]:
        """(type, body, headers) of all that happened, oldest first, signed now."""
        bodies = [(one["type"], one["body"].encode()) for one in self.sandbox.bank.store.all("event")]
        return [(type, body, self.sandbox.postman.headers(body)) for type, body in bodies]


@contextmanager
def a_sandbox() -> Iterator[World]:
    with serving(Sandbox(secret=SECRET), delivers=False) as sandbox:
        yield World(sandbox)
