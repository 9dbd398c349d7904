"""People at acme to tell things: bob, who works there, and Dona Rosa, its client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import create_client
from tenant_apps.notifications.services import Recipient
from tenant_apps.team.models import Member
from tests.notifications.provider import Provider, provider


@pytest.fixture
def inside(acme: Organization) -> Iterator[AbstractContextManager]:
    """The rest of the test works in acme's schema; requests find their own."""
    with context.enter(acme.schema_name) as active:
        yield active


@pytest.fixture
def member(inside: object, bob: User) -> Member:
    return Member.objects.get(user_id=bob.pk)


@pytest.fixture
def rosa(inside: object) -> Client:
    return create_client(actor=None, name="Rosa Lima", email="rosa@client.example", phone="+5511987654321")


@pytest.fixture
def to_rosa(rosa: Client) -> Recipient:
    return Recipient.client(rosa.pk, rosa.name, rosa.email, rosa.phone)


@pytest.fixture
def twilio(settings: Any) -> Iterator[Provider]:
    with provider() as known:
        settings.TWILIO_API_URL, settings.TWILIO_ACCOUNT_SID = known.address, "AC1"
        settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "secret", "+15005550006"
        yield known
