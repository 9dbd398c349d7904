"""Billing's fixtures: a sandbox gateway that new subscriptions go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from billing import clock
from tests.billing.sandboxes import SECRET, World, a_sandbox


@pytest.fixture
def sandbox(settings: Any) -> Iterator[World]:
    """The gateway of this test. Its clock moves ours."""
    with a_sandbox() as world:
        settings.BILLING_GATEWAY, settings.SANDBOX_URL, settings.SANDBOX_SECRET = "sandbox", world.url, SECRET
        settings.SANDBOX_MOVES_CLOCK = True
        clock.forget()
        yield world
    clock.forget()
