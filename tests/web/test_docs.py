"""The OpenAPI schema and its page: without warnings, without a CDN, for anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization


def test_the_schema_has_no_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--urlconf=config.urls.tenant", "--validate", "--fail-on-warn", stdout=StringIO())


def test_schema_and_docs_are_served(api: Callable[..., APIClient], acme: Organization) -> None:
    anybody = api(None, acme)
    schema = yaml.safe_load(anybody.get("/api/v1/schema/").content)
    listing = schema["paths"]["/api/v1/clients/"]["get"]
    assert "4XX" in listing["responses"]
    assert {"search", "ordering", "page_size", "tag"} <= {parameter["name"] for parameter in listing["parameters"]}
    created = schema["paths"]["/api/v1/clients/"]["post"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in created["parameters"]}
    changed = schema["paths"]["/api/v1/clients/{id}/"]["patch"]
    assert [p["required"] for p in changed["parameters"] if p["name"] == "If-Match"] == [True]
    page = anybody.get("/api/v1/docs/")
    assert page.status_code == 200
    assert not re.search(r'(src|href)="(https?:)?//', page.content.decode())
