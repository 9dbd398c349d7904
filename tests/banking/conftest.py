"""Acme's bank: a way to bring lines in, and entries they may be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.banking import services
from tenant_apps.banking.models import StatementLine
from tenant_apps.clients.models import Client
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Entry
from tenant_apps.team.models import Member

DAY = date(2026, 11, 10)


@pytest.fixture
def owner(inside: Organization, alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


def csv(*rows: tuple[date, str, str]) -> bytes:
    lines = [f"{on.isoformat()};{memo};{amount}" for on, memo, amount in rows]
    return "\n".join(["data;historico;valor", *lines, ""]).encode()


def brought(*rows: tuple[date, str, str]) -> list[StatementLine]:
    """Lines as a CSV brings them, in the order given."""
    services.bring_statement(csv(*rows), name="extrato.csv", actor=None)
    lines = {(line.on, line.memo, str(line.amount)): line for line in StatementLine.objects.all()}
    return [lines[on, memo, f"{Decimal(amount):.2f}"] for on, memo, amount in rows]


def owed(amount: str, *, client: Client | None = None, due: date = DAY, **fields: Any) -> Entry:
    """An entry that is due: of a client to be received, unless told."""
    given = {"kind": "receivable", "description": "Limpeza", "actor": None, **fields}
    return finance.create_entry(amount=Decimal(amount), due_on=due, issued_on=due, client=client, **given)[0]
