"""From the first visit to work, and out again, as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.accounts.codes import code
from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import PASSWORD, Server

Come = Callable[..., Visitor]


def test_sign_up_leads_into_ones_own_firm(server: Server, page: Page) -> None:
    page.goto(server.platform)
    no_barriers(page)
    page.get_by_role("link", name="Open my firm").first.click()
    page.get_by_label("Name of the firm").fill("Águas Claras")
    page.get_by_label("Address").fill("aguas-claras")
    expect(page.get_by_text("aguas-claras.localhost is free")).to_be_visible()
    page.get_by_label("Your name").fill("Maria da Silva")
    page.get_by_label("Your e-mail").fill("maria@aguas.example")
    page.locator("#id_password").fill(PASSWORD)
    no_barriers(page)
    page.get_by_role("button", name="Open my firm").click()
    page.wait_for_url(re.compile(rf"^http://aguas-claras\.localhost:{server.port}/(?!sign-in|enter)"))
    expect(page.get_by_text("Maria da Silva").first).to_be_attached()
    expect(page.locator(".chart .nothing")).to_have_text(["Nothing in this time yet."] * 2)
    expect(page.locator("canvas:visible")).to_have_count(0)


def test_who_has_no_account_gets_no_further_than_the_sign_in(server: Server, page: Page) -> None:
    page.goto(f"{server.host('acme')}/")
    expect(page).to_have_url(re.compile(rf"^{server.platform}/sign-in/"))
    page.locator("#id_login").fill("nobody@acme.example")
    page.locator("#id_password").fill("wrong-horse-battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".error-summary, .field-error").first).to_be_visible()
    no_barriers(page)


def test_signing_out_closes_the_firm_too(server: Server, page: Page) -> None:
    sign_in(page, server, "acme")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    no_barriers(page)
    page.goto(f"{server.host('acme')}/")
    expect(page).to_have_url(re.compile(rf"^{server.platform}/sign-in/"))


def test_a_second_step_is_set_up_and_asked_for(server: Server, visitor: Come) -> None:
    slug = "passo"
    server.onboard(slug, "--locale", "en")
    page = visitor().page
    sign_in(page, server, slug)
    page.goto(f"{server.platform}/account/2fa/")
    no_barriers(page)
    page.get_by_role("link", name="Activate").click()
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    secret = page.locator("input[disabled], input[readonly]").first.input_value()
    no_barriers(page)
    page.locator("#id_code").fill(code(secret, ahead=0))
    page.get_by_role("button", name="Activate").click()
    expect(page).not_to_have_url(re.compile("activate"))

    again = visitor().page
    again.goto(server.host(slug))
    again.locator("#id_login").fill(f"owner@{slug}.example")
    again.locator("#id_password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again).to_have_url(re.compile("/account/2fa/authenticate/"))
    no_barriers(again)
    again.locator("#id_code").fill("000000")
    again.get_by_role("button", name="Sign In").click()
    expect(again.locator(".field-error")).to_be_visible()
    again.locator("#id_code").fill(code(secret, ahead=1))  # the next one: the first was used a moment ago
    again.get_by_role("button", name="Sign In").click()
    again.wait_for_url(re.compile(rf"^http://{slug}\.localhost:{server.port}/(?!sign-in|enter)"))


def test_the_page_warns_and_then_leaves_when_nobody_is_there(server: Server, page: Page) -> None:
    """The browser's clock is turned on, not waited for; the server's own clock is tested without a browser."""
    page.clock.install()
    sign_in(page, server, "acme")
    page.clock.run_for(59 * 60 * 1000 + 5_000)
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("Are you still there?")).to_be_hidden()


def test_on_a_phone_and_in_the_dark(server: Server, visitor: Come) -> None:
    page = visitor(viewport=PHONE, color_scheme="dark", has_touch=True, is_mobile=True).page
    sign_in(page, server, "acme")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    no_barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="More").click()
    expect(page.locator("#menu")).to_be_visible()
    no_barriers(page)
