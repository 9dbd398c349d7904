"""The sandbox's state, its clock and its events. What it does with them is in the modules beside this one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from billing.gateways.base import PriceWanted
from billing.gateways.sandbox.server.store import Document, Store

FAR = datetime(2200, 1, 1, tzinfo=UTC)  # no clock goes further


class Refusal(Exception):
    """What was asked is not possible. `code` is for programs, `said` for people."""

    def __init__(self, code: str, said: str = "", *, status: int = 422) -> None:
        super().__init__(code)
        self.code, self.said, self.status = code, said, status


def real_time() -> datetime:
    return datetime.now(UTC)


class Bank:
    """`wall`: the real time. The sandbox's own is so many seconds ahead of it."""

    def __init__(self, store: Store, wall: Callable[[], datetime] = real_time) -> None:
        self.store, self.wall = store, wall

    # -- The clock --------------------------------------------------------------------------------------------------
    @property
    def offset(self) -> int:
        return int(self.store.setting("offset", "0"))

    def now(self) -> datetime:
        return (self.wall() + timedelta(seconds=self.offset)).replace(microsecond=0)

    def move(self, *, days: int = 0, months: int = 0, to: datetime | None = None) -> None:
        """Forward only: what happened has happened. Raises Refusal."""
        before = self.now()
        try:
            after = to or before + relativedelta(days=days, months=months)
        except (OverflowError, ValueError) as error:
            raise Refusal("clock_too_far", "The clock cannot go there.") from error
        if after < before:
            raise Refusal("clock_backwards", "The clock only goes forward.")
        if after > FAR:
            raise Refusal("clock_too_far", "The clock cannot go there.")
        self.store.set("offset", str(self.offset + int((after - before).total_seconds())))

    # -- Documents --------------------------------------------------------------------------------------------------
    def get(self, kind: str, id: str) -> Document:
        found = self.store.find(kind, id)
        if found is None:
            raise Refusal("not_found", "There is no such thing here.", status=404)
        return found

    def make(self, kind: str, prefix: str, **fields: Any) -> Document:
        id = f"{prefix}_{secrets.token_hex(8)}"
        return self.store.save(kind, {"id": id, "created": text(self.now()), **fields})

    def save(self, kind: str, document: Document) -> Document:
        if kind == "subscription":
            document["changed"] = text(self.now())
        return self.store.save(kind, document)

    def invoices_of(self, subscription: str) -> list[Document]:
        """Oldest first."""
        return [one for one in self.store.all("invoice") if one["subscription"] == subscription]

    # -- Events -----------------------------------------------------------------------------------------------------
    def record(self, type: str, kind: str, document: Document, *, at: datetime | None = None) -> Document:
        """Something happened: remembered, and to be told to whoever listens."""
        id = f"evt_{secrets.token_hex(10)}"
        happened = text(at or self.now())
        about = {
            "id": document["id"], "kind": kind, "subscription": _subscription_of(kind, document),
            "customer": document.get("customer", ""), "reference": document.get("reference", ""),
        }  # fmt: skip
        body = json.dumps({"id": id, "type": type, "created": happened, "data": {"object": about}})
        held = self.store.setting("delivery", "at once") == "held"
        return self.store.save(
            "event",
            {
                "id": id, "type": type, "created": happened, "about": about, "body": body,
                "state": "held" if held else "waiting", "attempts": 0, "next_try": 0.0, "answers": [],
            },
        )  # fmt: skip


def _subscription_of(kind: str, document: Document) -> str:
    return str(document["id"] if kind == "subscription" else document.get("subscription") or "")


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def moment_of(document: Document, name: str) -> datetime:
    """A moment that every document of its kind has."""
    return datetime.fromisoformat(document[name])


def price_of(document: Document) -> PriceWanted:
    """A price as it is kept, as one to count with."""
    return PriceWanted(
        external_id="",
        amount=Decimal(document["amount"]),
        currency=document["currency"],
        interval=document["interval"],
        quantity=document["quantity"],
        description=document.get("description", ""),
        discount=Decimal(document.get("discount") or "0"),
        discount_periods=document.get("discount_periods"),
    )
