"""A stranger's program on an organization's host, and a clean record of what was guessed and used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization
from tests.organizations.browsing import Browser


@pytest.fixture
def browser() -> Browser:
    """`browser(organization)`: a stranger's program on that host."""

    def open_at(organization: Organization, **headers: Any) -> APIClient:
        return APIClient(HTTP_HOST=f"{organization.slug}.localhost", **headers)

    return open_at


@pytest.fixture(autouse=True)
def _no_code_was_used() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
