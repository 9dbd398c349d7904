"""Asking Asaas: whole lists, and a subscription with all its charges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing.gateways import bodies
from billing.gateways.asaas import reading
from billing.gateways.base import GatewayAway, SubscriptionSnapshot
from billing.gateways.http import Http

TIMEOUT = 60.0  # seconds; it asks for no less where cards may be charged


class Calls:
    def __init__(self, base: str, key: str) -> None:
        headers = {"access_token": key, "User-Agent": "Colmeia"}
        self.http = Http(base, headers, timeout=TIMEOUT, read_error=_error)

    def _whole(self, found: dict[str, Any]) -> SubscriptionSnapshot:
        """With its charges and those that bear its reference alone: differences after a change of price."""
        payments = {one["id"]: one for one in self._all(f"subscriptions/{found['id']}/payments")}
        if reference := bodies.text(found.get("externalReference")):
            alone = (one for one in self._all("payments", externalReference=reference) if not one.get("subscription"))
            payments |= {one["id"]: one for one in alone}
        return reading.subscription(found, payments.values())

    def _all(self, path: str, **filters: Any) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            page = self.http.get(path, limit=100, offset=offset, **filters)
            found = page.get("data")
            if not isinstance(found, list):
                raise GatewayAway("a list without data")
            yield from (one for one in found if isinstance(one, dict) and one.get("id"))
            offset += len(found)
            if not page.get("hasMore") or not found:
                return


def _error(body: Any) -> tuple[str, str]:
    """Its first error; what it says is meant for people."""
    try:
        first = body["errors"][0]
        return str(first["code"]), " ".join(str(first["description"]).split())[:300]
    except (KeyError, IndexError, TypeError):
        return "", ""
