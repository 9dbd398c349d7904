"""Both organizations planted, and a way to send a request that finds out what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared_apps.organizations.models import Organization
from tests.cast import Cast
from tests.isolation.world import World, evidence, plant


@dataclass
class Worlds:
    """`of_acme` and `of_globex` are the texts that only that organization may ever be told."""

    acme: World
    globex: World
    cast: Cast
    of_acme: set[str]
    of_globex: set[str]


@pytest.fixture
def worlds(cast: Cast, acme: Organization, globex: Organization) -> Worlds:
    first, second = plant(acme), plant(globex)
    return Worlds(first, second, cast, evidence(first, second), evidence(second, first))
