"""Acme with its own Asaas, which runs on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import accounts
from tenant_apps.finance.providers.models import ProviderAccount
from tenant_apps.team.models import Member
from tests.factories.clients import ClientFactory
from tests.finance.providers.fake_asaas import KEY, Fake, serving

DUE = date(2099, 1, 10)


@pytest.fixture
def asaas(settings: Any) -> Iterator[Fake]:
    with serving() as fake:
        settings.ASAAS_SANDBOX_URL = fake.url
        yield fake


@pytest.fixture
def owner(inside: Organization, alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


@pytest.fixture
def connected(asaas: Fake, owner: Member) -> ProviderAccount:
    made = accounts.connect(actor=owner, key=KEY)
    accounts.try_account(made.pk)
    made.refresh_from_db()
    assert made.state == "ready"
    return made


def owed(amount: str = "150.00", *, due: date = DUE, document: str = "52998224725", **fields: Any) -> Entry:
    client = ClientFactory(name="Ana Souza", document=document)
    given = {"kind": "receivable", "description": "Limpeza", "actor": None, "client": client, **fields}
    return finance.create_entry(amount=Decimal(amount), due_on=due, issued_on=date(2026, 1, 1), **given)[0]
