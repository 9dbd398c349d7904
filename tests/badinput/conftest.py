"""Acme planted, and alice at its door."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization
from tests.cast import Cast
from tests.isolation.conftest import client_of
from tests.isolation.world import World, plant


@pytest.fixture
def world(cast: Cast, acme: Organization, known_routes: None) -> World:
    cache.clear()
    return plant(acme)


@pytest.fixture
def alice_at_acme(cast: Cast, world: World) -> APIClient:
    client = client_of(cast.alice, cast.acme)
    client.defaults["HTTP_HOST"] = world.host
    return client
