"""Telling the listener what happened, as the real ones do: signed, again after a failure, in any order it likes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

import httpx

from billing.gateways import signatures
from billing.gateways.sandbox.server.bank import Bank
from billing.gateways.sandbox.server.store import Document
from shared_apps.core.json_api import tls

HEADER = "Sandbox-Signature"
MODES = ("at once", "late", "twice", "shuffled", "held")
LATE = 20.0  # seconds
LONGEST = 60.0  # seconds between two tries
ATTEMPTS = 20
TIMEOUT = httpx.Timeout(10.0)
Clock = Callable[[], float]


class Postman:
    """Delivers to one address. `secret` signs; `clock` is the real time in Unix seconds."""

    def __init__(self, bank: Bank, url: str, secret: str, clock: Clock = time.time) -> None:
        self.bank, self.url, self.secret, self.clock = bank, url, secret, clock

    def deliver_due(self) -> None:
        """One round: everything that waits and whose time has come."""
        if not self.url:
            return
        mode = self.bank.store.setting("delivery", "at once")
        events = [one for one in self.bank.store.all("event") if one["state"] == "waiting"]
        if mode == "late":
            for one in events:
                if not one["next_try"]:
                    self._save(one, next_try=self.clock() + LATE)
        ready = [one for one in events if one["next_try"] <= self.clock()]
        if mode == "shuffled":
            random.shuffle(ready)
        for one in ready:
            self.deliver(one["id"])
            if mode == "twice":
                self.deliver(one["id"])

    def deliver(self, id: str) -> int:
        """Send one event now, whatever became of it before; the status of the answer, 0 when none came."""
        event = self.bank.get("event", id)
        status = self._post(event["body"].encode())
        attempts = event["attempts"] + 1
        arrived = status == 200 or event["state"] == "delivered"
        state = "delivered" if arrived else "given up" if attempts >= ATTEMPTS else "waiting"
        wait = min(2.0 ** min(attempts, 6), LONGEST)
        answers = [*event["answers"][-9:], status]
        self._save(event, state=state, attempts=attempts, answers=answers, next_try=self.clock() + wait)
        return status

    def release(self, ids: Iterable[str]) -> list[int]:
        """Deliver these in this order, be they held back or told already."""
        return [self.deliver(id) for id in ids]

    def headers(self, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            HEADER: signatures.sign(body, self.secret, at=int(self.clock())),
        }

    def _post(self, body: bytes) -> int:
        try:
            return self._send(body)
        except httpx.HTTPError:
            return 0

    def _send(self, body: bytes) -> int:
        answer = httpx.post(self.url, content=body, headers=self.headers(body), timeout=TIMEOUT, verify=tls())
        return answer.status_code

    def _save(self, event: Document, **changes: object) -> None:
        event |= changes
        self.bank.save("event", event)


def set_mode(bank: Bank, mode: str) -> None:
    """How events are delivered from now on; those held back go out when it is "held" no more."""
    bank.store.set("delivery", mode)
    if mode != "held":
        for event in bank.store.all("event"):
            if event["state"] == "held":
                bank.save("event", event | {"state": "waiting", "next_try": 0.0})
