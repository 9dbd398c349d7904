"""A visit of bob's to Maria's pool at acme, today. `owner` is alice, `staff` bob, `outsider` carol, of globex."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from shared_apps.accounts.models import User
from tenant_apps.clients.models import Asset, Place
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.scheduling.services import LineGiven
from tenant_apps.team.models import Member
from tenant_apps.visits.services import Done, DoseGiven, ReadingGiven, ReportGiven
from tests.clients.conftest import inside, no_organization_sees, outsider, owner, staff
from tests.factories.clients import AssetFactory, ClientFactory, PlaceFactory

__all__ = ["inside", "no_organization_sees", "outsider", "owner", "staff"]

NOW = datetime.now(tz=UTC).replace(microsecond=0)
# One pixel and a stroke: what a canvas gives.
PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAA"
    "AElFTkSuQmCC"
)


@pytest.fixture
def member(inside: Any, bob: User) -> Member:
    return Member.objects.get(user_id=bob.pk)


@pytest.fixture
def boss(inside: Any, alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


@pytest.fixture
def place(inside: Any) -> Place:
    client = ClientFactory(name="Maria Souza", phone="+5511987650001")
    return cast(Place, PlaceFactory(client=client, access_notes="Key at the porter's"))


@pytest.fixture
def pool(place: Place) -> Asset:
    return cast(Asset, AssetFactory(place=place))


@pytest.fixture
def offering(inside: Any) -> Offering:
    return scheduling.create_offering(
        actor=None, name="Cleaning", price=Decimal(150), checklist=["Brush", "Vacuum"], readings=["ph", "free_chlorine"]
    )


@pytest.fixture
def visit(pool: Asset, offering: Offering, member: Member) -> Appointment:
    return book(pool, offering, member)


def book(pool: Asset, offering: Offering, *members: Member, start: datetime = NOW, minutes: int = 30) -> Appointment:
    return scheduling.book_appointment(
        actor=None,
        client=pool.place.client,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        member_ids=[one.pk for one in members],
        lines=[LineGiven(offering.pk, asset_id=pool.pk)],
        place=pool.place,
        overrule=True,
    )


def given(pool: Asset | None = None, **changes: Any) -> ReportGiven:
    """A full report of the visit, finished."""
    asset = pool.pk if pool else None
    full: dict[str, Any] = {
        "checked_in_at": NOW,
        "checklist": [Done("Brush", done=True), Done("Vacuum")],
        "readings": [ReadingGiven("ph", Decimal("7.4"), asset), ReadingGiven("free_chlorine", Decimal("0.5"), asset)],
        "doses": [DoseGiven("Chlorine", Decimal(200), "g", asset)],
        "notes": "Water is clear",
        "signed_by": "Maria",
        "finish": True,
    }
    return ReportGiven(**{**full, **changes})
