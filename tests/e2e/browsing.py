"""A person with a browser, and what every page must be for them."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.e2e.server import PASSWORD, Server

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text() if (ROOT / "node_modules/axe-core").exists() else ""
# WCAG 2.2 AA, and no more: axe's "best practices" are opinions.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A colour that is still changing is not the one to judge. Spinners never end, and have no text.
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime)).map(one => one.finished))"""

# Only what is wrong comes here: what is right would be every element of the page, many times over.
JUDGED = """tags => axe.run({runOnly: tags, resultTypes: ["violations"]}).then(found => found.violations)"""


class Visitor:
    """Whatever the console complains about fails the test at its end."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        # A refusal that the page handles is logged by Chromium itself as an error.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")


def sign_in(page: Page, server: Server, slug: str, email: str = "", path: str = "/") -> None:
    """From an organization's address to its page, by the platform's sign-in."""
    page.goto(f"{server.host(slug)}{path}")
    page.locator("#id_login").fill(email or f"owner@{slug}.example")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(rf"^http://{slug}\.localhost:{server.port}/(?!sign-in|enter)"))


def no_barriers(page: Page) -> None:
    """axe finds nothing on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate(SETTLED)
    found = page.evaluate(JUDGED, STANDARDS)
    told = [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)
