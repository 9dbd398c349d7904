"""Acme's money: `owner` is alice, `admin` nobody of the cast; staff (bob) sees none of it, carol is of globex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client
from tenant_apps.finance import services
from tenant_apps.finance.models import Entry
from tenant_apps.team.models import Member

JAN_10 = date(2026, 1, 10)
Owes = Callable[..., Entry]


@pytest.fixture
def inside(acme: Organization) -> Iterator[Any]:
    """The rest of the test works in acme's schema; requests find their own."""
    with context.enter(acme.schema_name) as active:
        yield active


@pytest.fixture
def me(inside: Any, alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


@pytest.fixture
def ana(inside: Any) -> Client:
    return clients.create_client(actor=None, name="Ana Lima", email="ana@clients.example")


@pytest.fixture
def owes(ana: Client) -> Owes:
    """`owes(...)`: Ana owes 100.00 for a visit, due on 10 January 2026, unless told."""

    def make(**given: Any) -> Entry:
        usual: dict[str, Any] = {
            "actor": None,
            "kind": "receivable",
            "description": "Visit",
            "amount": Decimal(100),
            "due_on": JAN_10,
            "issued_on": date(2026, 1, 2),
            "client": ana,
        }
        return services.create_entry(**{**usual, **given})[0]

    return make


@pytest.fixture
def owner(api: Callable[..., APIClient], acme: Organization, alice: User) -> APIClient:
    return api(alice, acme)


@pytest.fixture
def staff(api: Callable[..., APIClient], acme: Organization, bob: User) -> APIClient:
    return api(bob, acme)


@pytest.fixture
def desk(pages: Callable[..., Browser], acme: Organization, alice: User) -> Browser:
    """Alice in a browser."""
    return pages(alice, acme)
