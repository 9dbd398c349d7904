"""The platform's owner in a real browser: in with two steps, a firm suspended and opened again, a look by leave."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.codes import code
from tests.e2e.browsing import Visitor, sign_in
from tests.e2e.server import PASSWORD, Server

STAFF = "staff@platform.example"
REASON = "They asked us to look at their reminders"


@pytest.fixture(scope="module")
def firm(server: Server) -> str:
    server.onboard("lagoa", "--locale", "en", name="Lagoa Pools")
    server.manage("console", "grant", STAFF, "--password-stdin", typed=PASSWORD)
    return "lagoa"


def enrol(page: Page, server: Server) -> str:
    """Sign in, be sent to set up the second step, and come in with it; the app's secret."""
    page.goto(f"{server.platform}/console/")
    page.locator("#id_login").fill(STAFF)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/account/2fa/"))
    page.goto(f"{server.platform}/account/2fa/totp/activate/")
    if page.locator("#id_password").count():
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
    found = re.search(r"\b[A-Z2-7]{32}\b", page.locator("#main, main").first.inner_text() + page.content())
    assert found
    secret = found[0]
    page.locator("#id_code").fill(code(secret, ahead=0))
    page.locator("#id_code").press("Enter")
    page.wait_for_url(re.compile("recovery-codes|/account/2fa/$"))
    page.goto(f"{server.platform}/console/")  # the code just given was the proof that it asks for
    expect(page).to_have_url(f"{server.platform}/console/")
    return secret


# Somebody last used the console 29 minutes and 10 seconds ago, as the server knows it.
LONG_AGO = """
import time
from importlib import import_module
from django.conf import settings
from django.contrib.sessions.models import Session
Store = import_module(settings.SESSION_ENGINE).SessionStore
for key in Session.objects.values_list("session_key", flat=True):
    store = Store(key)
    if "console_seen" in store:
        store["console_seen"] = time.time() - 1750
        steps = store["account_authentication_methods"]
        store["account_authentication_methods"] = [{**step, "at": time.time() - 1750} for step in steps]
        store.save()
"""


def warned_and_stays(page: Page, server: Server) -> None:
    """The browser's clock is moved; the server is asked, and says that a little is left."""
    page.clock.install()
    page.goto(f"{server.platform}/console/")
    server.manage("shell", "-c", LONG_AGO)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("29:10")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-seconds]")).to_have_text(re.compile(r"^[1-5]?\d$"))
    with page.expect_response("**/console/session/"):
        dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    page.clock.resume()
    left = page.evaluate("() => fetch('/console/session/?idle=1').then(answer => answer.json())")
    assert left["seconds_left"] > 1700


def act(page: Page, label: str, **typed: str) -> None:
    page.get_by_role("link", name=label, exact=True).click()
    for name, value in typed.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name=label, exact=True).click()


def test_suspend_reactivate_and_a_look_by_leave(firm: str, server: Server, visitor: Callable[..., Visitor]) -> None:
    staff, owner = visitor().page, visitor().page
    enrol(staff, server)
    expect(staff.get_by_role("heading", name="Monthly recurring revenue")).to_be_visible()
    staff.evaluate("() => document.fonts.ready")
    icons = staff.locator("#nav-sidebar-apps .material-symbols-outlined")
    sizes = icons.evaluate_all("all => all.map(one => one.scrollWidth - parseFloat(getComputedStyle(one).fontSize))")
    assert sizes
    assert max(sizes) <= 1, "icons are drawn, not spelled"
    warned_and_stays(staff, server)
    sign_in(owner, server, firm)

    staff.locator("#nav-sidebar-apps a[href='/console/organizations/organization/']").click()
    staff.get_by_role("link", name="Lagoa Pools").click()
    organization = staff.url
    act(staff, "Suspend", reason="did not pay for months")
    expect(staff.get_by_text("Lagoa Pools: suspended")).to_be_visible()
    assert owner.evaluate("() => fetch('/clients/').then(answer => answer.status)") == 403
    act(staff, "Reactivate", reason="has paid by now")
    owner.goto(f"{server.host(firm)}/clients/")
    expect(owner.get_by_role("heading", name="Clients", exact=True)).to_be_visible()

    staff.goto(organization)
    act(staff, "Ask for support access", reason=REASON)
    owner.goto(f"{server.host(firm)}/settings/support/")
    expect(owner.get_by_text(REASON)).to_be_visible()
    owner.get_by_role("button", name="Let support look").click()
    expect(owner.get_by_text("Open now")).to_be_visible()
    staff.goto(f"{server.host(firm)}/clients/")
    expect(staff.get_by_text("Support access: you are looking into Lagoa Pools")).to_be_visible()
    owner.reload()
    expect(owner.get_by_role("cell", name="/clients/").first).to_be_visible()
    owner.get_by_role("button", name="End it now").click()
    expect(owner.get_by_text("Support is out.")).to_be_visible()
    staff.goto(f"{server.host(firm)}/clients/")
    expect(staff.get_by_text("Support access: you are looking into")).to_have_count(0)
