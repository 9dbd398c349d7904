"""A Chromium in front of a live server. Without a Chromium these tests are skipped, unless E2E_REQUIRED is set."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browsing import Visitor
from tests.e2e.provider import Provider, providing
from tests.e2e.server import Server, serve

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
REQUIRED = os.environ.get("E2E_REQUIRED", "") not in {"", "0"}
BUILT = Path(__file__).resolve().parents[2] / "shared_apps/web/static/web/dist"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--renderer-process-limit=1", "--disable-site-isolation-trials",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not CHROMIUM and not REQUIRED:
                item.add_marker(pytest.mark.skip(reason="no Chromium on PATH"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serve() as running:
        running.onboard("acme", "--locale", "en", name="Acme Pools")
        yield running


@pytest.fixture(scope="session")
def provider(server: Server) -> Iterator[Provider]:
    """Whoever asks for it moves the clock of billing for all that follows; firms that were there before buy nothing."""
    with providing(server) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of a module's own: Playwright's event loop must be gone before a test that uses Django's ORM runs."""
    assert CHROMIUM, "E2E_REQUIRED is set, but there is no Chromium on PATH"
    assert BUILT.exists(), "the pages' scripts and styles are not built: make assets"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """`visitor(**options)`: somebody new, with Playwright's options of a browser context."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        options = {"locale": "en-US", "timezone_id": "America/Sao_Paulo", "viewport": DESK, **options}
        visitors.append(Visitor(chromium.new_context(**options)))
        return visitors[-1]

    yield come
    complaints = [complaint for one in visitors for complaint in one.complaints]
    for one in visitors:
        one.context.close()
    assert complaints == []


@pytest.fixture
def page(visitor: Callable[..., Visitor]) -> Page:
    return visitor().page
