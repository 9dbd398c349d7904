"""Each gateway in turn: what one contract is held against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.billing.gateways import worlds
from tests.billing.gateways.worlds import Provider


@pytest.fixture(params=worlds.ALL)
def provider(request: pytest.FixtureRequest, settings: Any) -> Iterator[Provider]:
    with worlds.ALL[request.param](settings) as world:
        yield world
