"""Bob at work on acme's API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization

Api = Callable[[User | None, Organization], APIClient]


@pytest.fixture
def staff(api: Api, acme: Organization, bob: User) -> APIClient:
    return api(bob, acme)
