"""What a request costs on the wire: as many statements as without tenancy, and no look-up of the host once warm."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections, connection
from django.test import Client

from shared_apps.organizations.models import Organization
from tests.tenancy.backend.proxy import PORT, Proxy


@pytest.fixture
def asked(acme: Organization, globex: Organization, client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`asked(slug)`: the statements that a request for that organization sends, in a thread with its own connection."""
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(1) as thread:
        proxy = Proxy(Path(directory), connection.settings_dict)
        monkeypatch.setitem(connection.settings_dict, "PORT", PORT)
        monkeypatch.setitem(connection.settings_dict, "HOST", directory)
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "host", directory)
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "sslmode", "disable")

        def ask(slug: str) -> list[str]:
            proxy.queries.clear()
            signals.request_started.send(sender=None)
            client.get("/members/", headers={"host": f"{slug}.localhost"})
            signals.request_finished.send(sender=None)
            return [statement.decode() for statement in proxy.queries]

        def in_thread(slug: str) -> list[str]:
            return thread.submit(ask, slug).result()

        signals.request_started.connect(close_old_connections)
        signals.request_finished.connect(close_old_connections)
        yield in_thread
        thread.submit(lambda: connection.close()).result()
        proxy.close()


def test_statements_of_a_request(asked: Callable[[str], list[str]]) -> None:
    for slug in ("acme", "globex"):
        assert any("tenancy_schema" in statement for statement in asked(slug))  # cold: the host is looked up
    for slug in ("acme", "globex", "acme"):
        path, members = asked(slug)
        assert path == f'SET search_path = "org_{slug}", "public"'  # in the place of Django's SELECT 1
        assert "team_member" in members
    check, members = asked("acme")
    assert check == "SELECT 1"
    assert "team_member" in members
