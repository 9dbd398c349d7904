"""Who did what: only what differs, as plain values, without secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.activity.queries import activity_of
from tenant_apps.activity.services import MASK, record
from tenant_apps.team.models import Member


@pytest.fixture(autouse=True)
def inside(acme: Organization) -> Iterator[None]:
    with context.enter(acme.schema_name):
        yield


def test_only_what_differs_is_kept() -> None:
    bob = Member.objects.get(name="Bob")
    made = record(bob, "thing.changed", bob, before={"a": 1, "b": 2, "c": 3}, after={"a": 1, "b": 5, "d": 4})
    made.refresh_from_db()
    assert (made.before, made.after) == ({"b": 2, "c": 3}, {"b": 5, "d": 4})
    assert (made.actor, made.subject_type, made.subject_id, made.subject_label) == (bob, "team.member", bob.pk, "Bob")


def test_values_are_plain_and_secrets_masked() -> None:
    bob = Member.objects.get(name="Bob")
    after = {
        "price": Decimal("1.50"),
        "at": datetime(2026, 11, 23, tzinfo=UTC),
        "id": UUID(int=1),
        "new_password": "hunter2",
        "api_key": "k",
    }
    made = record(None, "thing.made", bob, after=after)
    made.refresh_from_db()
    assert made.after["price"] == "1.50"
    assert made.after["at"] == "2026-11-23T00:00:00Z"
    assert made.after["new_password"] == made.after["api_key"] == MASK
    assert made.actor is None


def test_activity_of_a_subject_is_newest_first_and_only_its_own() -> None:
    alice, bob = Member.objects.order_by("name")
    for verb in ("one", "two"):
        record(alice, verb, bob)
    record(alice, "other", alice)
    assert [happened.verb for happened in activity_of(bob)] == ["two", "one"]
