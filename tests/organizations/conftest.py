"""Signing in by hand, cookies and all."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization
from tests.organizations.browsing import Browser


@pytest.fixture
def browser() -> Browser:
    """`browser(organization)`: a stranger's browser on that host, against which CSRF is enforced."""

    def open_at(organization: Organization, **headers: Any) -> APIClient:
        return APIClient(enforce_csrf_checks=True, HTTP_HOST=f"{organization.slug}.localhost", **headers)

    return open_at
