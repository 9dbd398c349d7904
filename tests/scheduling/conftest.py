"""A day at acme: a client with a pool, an offering, and who goes there. `NOW` lies in the past of no rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.team.models import Member

Api = Callable[[User | None, Organization], APIClient]
HOUR = timedelta(hours=1)


def monday(at: str = "09:00", *, weeks: int = 1) -> datetime:
    """A Monday some weeks from now, local time; never a national holiday of fixed date.

    Counted from tomorrow's week: on a Sunday the morning before the next Monday may be over.
    """
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    day = tomorrow + timedelta(days=7 * weeks - tomorrow.weekday())
    while (day.month, day.day) in {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}:
        day += timedelta(days=7)
    return local.moment(day, time.fromisoformat(at))


@dataclass
class Firm:
    client: Client
    place: Place
    pool: Asset
    offering: Offering
    alice: Member
    bob: Member

    def book(
        self, at: str = "09:00", *members: Member, hours: int = 1, weeks: int = 1, **fields: object
    ) -> Appointment:
        start = monday(at, weeks=weeks)
        given: dict[str, object] = {"starts_at": start, "ends_at": start + hours * HOUR, "client": self.client}
        given |= {"actor": self.alice, "member_ids": [member.pk for member in members], **fields}
        return services.book_appointment(**given)  # type: ignore[arg-type] # a test may give anything


@pytest.fixture
def firm(acme: Organization, alice: User, bob: User) -> Firm:
    with context.enter(acme.schema_name):
        client = clients.create_client(actor=None, name="Ana Souza")
        place = clients.add_place(client, actor=None, label="Home", city="Campinas", state="SP")
        pool = clients.add_asset(place, actor=None, name="Pool")
        offering = services.create_offering(actor=None, name="Cleaning", price="120.00")
        members = Member.objects.in_bulk([alice.pk, bob.pk], field_name="user_id")
        return Firm(client, place, pool, offering, members[alice.pk], members[bob.pk])


@pytest.fixture
def owner(api: Api, acme: Organization, alice: User) -> APIClient:
    return api(alice, acme)


@pytest.fixture
def staff(api: Api, acme: Organization, bob: User) -> APIClient:
    return api(bob, acme)


@pytest.fixture
def outsider(api: Api, globex: Organization, carol: User) -> APIClient:
    return api(carol, globex)
