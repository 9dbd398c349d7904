"""A charge from the desk to the client and back: PIX key, entry, link, the client's page, a part paid, a receipt."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tenant_apps.finance import pix
from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import Server

Come = Callable[..., Visitor]


@pytest.fixture
def acme(server: Server, page: Page) -> Page:
    """Signed in at acme as its owner."""
    sign_in(page, server, "acme", path="/settings/receiving/")
    return page


def test_charged_with_pix_seen_by_the_client_and_paid_in_part(acme: Page, visitor: Come, server: Server) -> None:
    acme.get_by_label("PIX key").fill("11.222.333/0001-81")
    acme.get_by_label("Receiver's name").fill("Acme Pools")
    acme.get_by_label("Receiver's city").fill("São Paulo")
    acme.get_by_role("button", name="Save how you are paid").click()
    expect(acme.get_by_label("Receiver's city")).to_have_value("Sao Paulo")
    no_barriers(acme)

    acme.get_by_role("link", name="Finance").first.click()
    acme.get_by_role("link", name="New entry").first.click()
    acme.get_by_label("What for").fill("New pump")
    acme.get_by_label("Amount", exact=True).fill("300.00")
    acme.get_by_label("Instalments").fill("3")
    expect(acme.locator(".instalments li")).to_have_count(3)
    acme.get_by_label("Instalments").fill("1")
    no_barriers(acme)
    acme.get_by_role("button", name="Add entry").click()
    expect(acme.get_by_role("heading", level=1, name="New pump")).to_be_visible()
    entry = acme.url
    acme.get_by_role("button", name="Make a link for the client").click()
    address = acme.locator("#charge-link").inner_text()
    no_barriers(acme)

    client = visitor(viewport=PHONE, is_mobile=True).page
    client.goto(address)
    expect(client.locator(".pay-amount b")).to_contain_text("300.00")
    expect(client.locator(".qr svg")).to_be_visible()
    code = client.locator("#pix-code").inner_text()
    assert pix.is_sound(code)
    assert "5406300.00" in code
    no_barriers(client)

    acme.goto(entry)
    acme.get_by_role("link", name="Receive").click()
    window = acme.locator("#modal")
    window.get_by_label("Amount", exact=True).fill("300.01")
    window.get_by_role("button", name="Record payment").click()
    expect(window.locator(".field-error").first).to_contain_text("more than is open")
    no_barriers(acme)
    window.get_by_label("Amount", exact=True).fill("120")
    window.get_by_role("button", name="Record payment").click()
    expect(acme.get_by_text("Partly paid")).to_be_visible()
    expect(acme.get_by_role("link", name="Receipt")).to_have_attribute("href", re.compile(r"/receipt/$"))
    no_barriers(acme)

    client.reload()
    expect(client.locator(".pay-amount b")).to_contain_text("180.00")
    acme.goto(f"{server.host('acme')}/entries/?status=partial")
    expect(acme.locator("a.main")).to_have_text(["New pump"])
    acme.get_by_label("New pump").check()
    acme.get_by_role("button", name="Mark as paid").click()
    expect(acme.get_by_text("Nothing found")).to_be_visible()
    client.reload()
    expect(client.get_by_text("Paid. Thank you.")).to_be_visible()
    no_barriers(client)
