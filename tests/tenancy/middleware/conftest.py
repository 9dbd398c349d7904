"""The middlewares that matter here, the views of this folder, and a client that calls with nothing chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections
from django.test import AsyncClient, Client

from shared_apps.tenancy import context, routing
from tests.tenancy.middleware import urls


@pytest.fixture(autouse=True)
def _as_served(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = settings.TENANT_URLCONF = "tests.tenancy.middleware.urls"
    settings.MIDDLEWARE = [
        "shared_apps.tenancy.middleware.SchemaMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]
    routing.clear()
    urls.closed.clear()
    signals.request_started.disconnect(close_old_connections)  # they would end the test's own transaction
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


class BareClient(Client):
    """Calls as a server does: nothing is chosen before the request, nothing after."""

    def request(self, **request: Any) -> Any:
        with context.activate(None):
            try:
                return super().request(**request)
            finally:
                assert context.active_or_none() is None


class BareAsyncClient(AsyncClient):
    """The same for async views."""

    async def request(self, **request: Any) -> Any:
        hosts = [header for header in request["headers"] if header[0] == b"host"]
        request["headers"] = [header for header in request["headers"] if header[0] != b"host"] + hosts[-1:]
        with context.activate(None):
            try:
                return await super().request(**request)
            finally:
                assert context.active_or_none() is None


@pytest.fixture
def client() -> Client:
    return BareClient()


@pytest.fixture
def aclient() -> AsyncClient:
    return BareAsyncClient()
