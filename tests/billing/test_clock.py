"""Billing's clock is the real one, unless a sandbox may move it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing import clock

NOBODY = "http://127.0.0.1:9"  # discard: nothing listens


@pytest.fixture(autouse=True)
def _unknown() -> Iterator[None]:
    clock.forget()
    yield
    clock.forget()


def test_it_is_the_real_time() -> None:
    before = timezone.now()
    assert before <= clock.now() <= timezone.now()


def test_a_sandbox_that_is_away_moves_nothing(settings: Any) -> None:
    settings.SANDBOX_MOVES_CLOCK, settings.BILLING_GATEWAY, settings.SANDBOX_URL = True, "sandbox", NOBODY
    assert clock.offset() == timedelta()
