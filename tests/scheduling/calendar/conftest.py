"""Bob's visits at acme, looked at by bob and by alice, who may move them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tests.visits.conftest import boss, inside, member, offering, place, pool, visit

__all__ = ["boss", "inside", "member", "offering", "place", "pool", "visit"]
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture
def tuesday() -> datetime:
    """Ten in the morning at acme (São Paulo, UTC-3) of a Tuesday to come that is no holiday."""
    day = datetime.now(tz=UTC).replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=7)
    while day.weekday() != 1 or (day.month, day.day) in {
        (4, 21),
        (9, 7),
        (10, 12),
        (11, 2),
        (11, 15),
        (11, 20),
        (12, 25),
        (1, 1),
        (5, 1),
    }:
        day += timedelta(days=1)
    return day
