"""A firm's books: entries and payments of every kind, as they may stand in the tables."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Category, Entry, EntryCancellation, Payment, Reversal
from tests.factories.clients import ClientFactory

TODAY = date(2026, 11, 25)


def entry(amount: str, due: date, **fields: Any) -> Entry:
    fields = {"description": "Limpeza", "issued_on": due, "kind": "receivable", **fields}
    return Entry.objects.create(amount=Decimal(amount), due_on=due, **fields)


def paid(of: Entry, amount: str, on: date, *, extra: str = "0", discount: str = "0", reversed: bool = False) -> Payment:
    """A payment as the services leave it: the entry knows what it settles."""
    payment = Payment.objects.create(
        entry=of, amount=Decimal(amount), paid_on=on, extra=Decimal(extra), discount=Decimal(discount)
    )
    if reversed:
        payment.reversal = Reversal.objects.create(payment=payment)
        payment.save()
    else:
        of.paid += payment.settles
        of.save()
    return payment


def books(seed: int, size: int = 120) -> list[Client]:
    """Made-up books over two years around TODAY."""
    chance = random.Random(seed)
    clients: list[Client] = [ClientFactory() for _ in range(4)]  # type: ignore[misc]
    categories = [
        Category.objects.create(name=f"C{number}", kind=kind)
        for number, kind in enumerate(["receivable", "receivable", "payable"])
    ]
    for _ in range(size):
        kind = chance.choice(["receivable", "receivable", "payable"])
        amount = Decimal(chance.randint(3, 500_000)) / 100
        due = TODAY + timedelta(days=chance.randint(-360, 360))
        made = entry(
            str(amount),
            due,
            kind=kind,
            issued_on=due - timedelta(days=chance.randint(0, 40)),
            client=chance.choice([*clients, None]) if kind == "receivable" else None,
            party=chance.choice(["", "Loja", "CPFL"]),
            category=chance.choice([None, *(one for one in categories if one.kind == kind)]),
        )
        fate = chance.random()
        if fate < 0.1:
            made.cancellation = EntryCancellation.objects.create(entry=made)
            made.save()
        elif fate < 0.7:
            part = (amount * chance.randint(1, 100) / 100).quantize(Decimal("0.01")) or Decimal("0.01")
            extra = Decimal(chance.randint(0, 300)) / 100
            on = due + timedelta(days=chance.randint(-30, 60))
            paid(made, str(part + extra), on, extra=str(extra), reversed=chance.random() < 0.1)
    return clients
