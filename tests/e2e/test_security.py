"""Passkeys, the end of a session nobody uses, and the pages of security on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import PASSWORD, Server

Come = Callable[..., Visitor]
# What a phone has in it: keeps keys, asks for a finger, and gets one.
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
LONG_AGO = """
from datetime import timedelta
from django.utils import timezone
from shared_apps.organizations.models import RefreshSession
RefreshSession.objects.filter(organization__slug="{slug}").update(seen_at=timezone.now() - timedelta(minutes=61))
"""


@pytest.fixture(scope="module")
def firm(server: Server) -> str:
    server.onboard("chaves", "--locale", "en", name="Chaves")
    return "chaves"


def with_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def test_a_passkey_is_made_and_signs_in_alone(server: Server, visitor: Come, firm: str) -> None:
    page = visitor().page
    with_authenticator(page)
    sign_in(page, server, firm)
    page.goto(f"{server.platform}/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.locator("#id_name").fill("My phone")
    page.locator("#id_passwordless").check()
    no_barriers(page)
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("/account/2fa/(?!webauthn/add)"))
    page.goto(f"{server.platform}/account/2fa/webauthn/")
    expect(page.get_by_text("My phone")).to_be_visible()
    no_barriers(page)

    page.goto(f"{server.host(firm)}/team/")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    page.goto(f"{server.host(firm)}/team/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{server.host(firm)}/team/")


def test_a_page_nobody_uses_ends_here_and_on_the_platform(server: Server, visitor: Come) -> None:
    """The browser's clock is turned on, and the server is told that the last use was an hour ago."""
    slug = "parada"
    server.onboard(slug, "--locale", "en", name="Parada")
    page = visitor().page
    page.clock.install()
    sign_in(page, server, slug, path="/team/")
    server.manage("shell", "-c", LONG_AGO.format(slug=slug))
    page.clock.run_for(61 * 60 * 1000)
    page.wait_for_url(re.compile(rf"^{server.platform}/sign-in/"))
    expect(page.get_by_text("because nobody used the page for a while")).to_be_visible()
    no_barriers(page)
    page.goto(f"{server.host(slug)}/team/")
    expect(page).to_have_url(re.compile(rf"^{server.platform}/sign-in/"))
    page.locator("#id_login").fill(f"owner@{slug}.example")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{server.host(slug)}/team/")


def test_on_a_phone_nothing_runs_out_of_the_page(server: Server, visitor: Come) -> None:
    page = visitor(viewport=PHONE, has_touch=True, is_mobile=True).page
    sign_in(page, server, "acme")
    own, platform = server.host("acme"), server.platform
    for address in (
        *(f"{own}/{path}/" for path in ("team", "settings/firm", "settings/security", "settings/domains")),
        *(f"{platform}/{path}/" for path in ("account", "account/places", "account/sign-ins", "account/2fa")),
    ):
        page.goto(address)
        no_barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
