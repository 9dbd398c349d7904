"""Paying for Colmeia as owners do it: by card and by PIX, a plan outgrown, a payment that fails, and leaving."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.provider import COUPON, DECLINED, GOOD, LATER_DECLINED, Provider
from tests.e2e.server import PATIENCE, Server

Come = Callable[..., Visitor]
OWNER = "owner@acme.example"  # of every firm here: who has an account is asked for no new one
FETCH = "path => fetch(path).then(answer => answer.text())"
REFUSED = "Not possible with your plan right now"


@pytest.fixture(scope="module")
def firms(provider: Provider) -> None:
    provider.sell({"riacho": "Riacho Pools", "fonte": "Fonte Pools", "lago": "Lago Pools"}, owner=OWNER)


@pytest.fixture(scope="module")
def trials_over(firms: None, provider: Provider) -> None:
    provider.move(days=15)


class Owner:
    """Somebody in their firm; every request that carries a card's number is remembered by the host it goes to."""

    def __init__(self, visitor: Visitor, server: Server, slug: str) -> None:
        self.page, self.address, self.cards_went_to = visitor.page, server.host(slug), Counter[str]()
        visitor.context.on("request", self._sent)
        sign_in(self.page, server, slug, email=OWNER, path="/settings/billing/")

    def _sent(self, request: Request) -> None:
        said = re.sub(r"\D", "", f"{request.url}{request.post_data or ''}")
        if any(number.replace(" ", "") in said for number in (GOOD, DECLINED, LATER_DECLINED)):
            self.cards_went_to[urlsplit(request.url).netloc] += 1

    def go(self, path: str = "/settings/billing/") -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sees(self, text: str, path: str = "/settings/billing/") -> None:
        """The page says so, once what the provider told us is worked off. It is looked at in full only then."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.page.evaluate(FETCH, path) and time.monotonic() < deadline:
            time.sleep(0.1)
        expect(self.go(path).get_by_text(text).first).to_be_visible()

    def choose(self, plan: str) -> Page:
        self.go("/settings/billing/plans/").get_by_role("link", name=f"Choose {plan}").click()
        return self.page

    def type_card(self, number: str, button: str) -> None:
        self.page.get_by_label("Card number").fill(number)
        self.page.get_by_role("button", name=button).click()

    def add_client(self, name: str) -> Page:
        self.go("/clients/new/").get_by_label("Name", exact=True).fill(name)
        self.page.get_by_role("button", name="Add client").click()
        return self.page


def test_bought_by_card_outgrown_and_left(
    firms: None, server: Server, provider: Provider, visitor: Come, request: pytest.FixtureRequest
) -> None:
    owner = Owner(visitor(), server, "riacho")
    page = owner.page
    expect(page.get_by_text("Trial until")).to_be_visible()
    expect(page.get_by_text("Nothing is charged by itself.")).to_be_visible()
    no_barriers(page)

    # A card is declined, another one is kept, and pays when the trial ends.
    no_barriers(owner.choose("Pro"))
    page.get_by_role("button", name="Continue to payment").click()
    owner.type_card(DECLINED, "Keep this card")
    expect(page.get_by_role("alert")).to_have_text("The card was declined. Try another one.")
    no_barriers(page)
    owner.type_card(GOOD, "Keep this card")
    expect(page.get_by_role("heading", name="Pro is yours")).to_be_visible()
    assert list(owner.cards_went_to) == [urlsplit(provider.url).netloc]
    request.getfixturevalue("trials_over")  # everybody's at once: the clock is one
    owner.sees("The plan is active")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Receipt").click()
    expect(opened.value.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(opened.value.get_by_text("149,00")).to_be_visible()

    # The third client does not fit, until there is a larger plan.
    for name in ("Ana", "Bia", "Caio"):
        owner.add_client(name)
    expect(page.get_by_role("heading", name=REFUSED)).to_be_visible()
    expect(page.get_by_text("Clients: 2 of 2")).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="To plan and payment").click()
    no_barriers(page)
    page.get_by_role("link", name="Choose Equipe").click()
    due = page.locator("dt:has-text('To pay now') + dd")
    expect(due).to_have_text(re.compile(r"R\$1\d\d\.\d\d"))
    page.get_by_role("button", name="Change now").click()
    expect(page.get_by_text("You now have the plan Equipe.")).to_be_visible()
    expect(owner.add_client("Caio").get_by_role("heading", name="Caio")).to_be_visible()

    # Less than is in use: noted, taken back, noted again; then nothing is gone and nothing can be added.
    for _time in range(2):
        owner.choose("Essencial").get_by_role("button", name="Change at the end of the period").click()
        expect(page.get_by_text(re.compile("Essencial begins on"))).to_be_visible()
        if not _time:
            page.get_by_role("button", name="Keep the plan I have").click()
            expect(page.get_by_text("You keep the plan you have.")).to_be_visible()
            expect(page.get_by_text(re.compile("Essencial begins on"))).to_have_count(0)
    provider.move(months=1)
    owner.sees("1 of 2")  # people, of the plan that is smaller
    expect(owner.go("/clients/").locator("a.main")).to_have_text(["Ana", "Bia", "Caio"])
    expect(owner.add_client("Davi").get_by_text("Clients: 3 of 1")).to_be_visible()

    owner.go().get_by_role("link", name="Cancel the plan").click()
    page.get_by_role("button", name="Do not renew").click()
    expect(page.locator(".field-error")).to_be_visible()
    no_barriers(page)
    page.get_by_label("Why are you leaving?").select_option("unused")
    page.get_by_role("button", name="Do not renew").click()
    expect(page.get_by_text(re.compile("This plan is not renewed. It works until"))).to_be_visible()
    page.get_by_role("button", name="Go on with this plan").click()
    expect(page.get_by_text("Your plan goes on as before.")).to_be_visible()
    expect(page.get_by_text("Will be renewed after all")).to_be_visible()
    no_barriers(page)


def test_bought_by_pix_with_a_coupon(trials_over: None, server: Server, visitor: Come) -> None:
    owner = Owner(visitor(), server, "fonte")
    page = owner.page
    expect(page.get_by_text("The trial has ended. Choose a plan")).to_be_visible()
    expect(owner.go("/").get_by_role("heading", name=REFUSED)).to_be_visible()
    page.get_by_role("link", name="To plan and payment").click()
    page.get_by_role("link", name="Choose a plan").click()
    page.get_by_role("link", name="Choose Pro").click()
    for code in ("NO SUCH", COUPON.lower()):
        page.get_by_label("Coupon").fill(code)
        page.get_by_role("button", name="Continue to payment").click()
        if code != COUPON.lower():
            expect(page.get_by_text("This coupon does not exist")).to_be_visible()
    expect(page.get_by_text("119,20")).to_be_visible()
    page.get_by_role("button", name="Pay by PIX").click()
    code = page.locator("code").inner_text()
    payer = page.url
    no_barriers(page)
    page.get_by_role("link", name="Back to Colmeia").click()
    expect(page.get_by_role("heading", name="We are waiting for the payment service")).to_be_visible()
    no_barriers(page)

    # The same code on our page of the invoice; once it is paid, both pages change by themselves.
    invoice = page.context.new_page()
    invoice.goto(f"{owner.address}/settings/billing/")
    invoice.get_by_role("link", name="Pay R$119.20").click()
    expect(invoice.locator("#pix-code")).to_have_text(code)
    expect(invoice.get_by_role("img", name="PIX code to scan").locator("svg")).to_be_visible()
    no_barriers(invoice)
    bank = page.context.new_page()
    bank.goto(payer)
    bank.get_by_role("button", name="Pay this PIX now").click()
    expect(page.get_by_role("heading", name="Pro is yours")).to_be_visible()
    expect(page.get_by_text("Access is suspended")).to_have_count(0)
    expect(invoice.locator(".card > header")).to_contain_text("paid")
    expect(owner.go().get_by_text(re.compile(rf"{COUPON}: R\$119\.20 for the first 3 charges"))).to_be_visible()


def test_a_renewal_fails_and_is_mended_on_a_phone(
    trials_over: None, server: Server, provider: Provider, visitor: Come
) -> None:  # fmt: skip
    owner = Owner(visitor(viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark"), server, "lago")
    page = owner.page
    owner.choose("Pro").get_by_role("button", name="Continue to payment").click()
    owner.type_card(LATER_DECLINED, "Pay by card")
    expect(page.get_by_text("The payment has arrived. Thank you.")).to_be_visible()
    no_barriers(page)

    provider.move(months=1)
    owner.sees("A payment is missing. Everything works until", "/")
    provider.move(days=4)
    owner.sees("you can look and export", "/clients/")
    no_barriers(page)
    expect(owner.add_client("Ana").get_by_role("heading", name=REFUSED)).to_be_visible()
    expect(page.get_by_text("nothing can be changed right now")).to_be_visible()
    provider.move(days=7)
    owner.sees("Access is suspended until there is a paid plan.", "/clients/")
    no_barriers(page)
    page.get_by_role("link", name="Export records").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Export|Take"))
    expect(page.get_by_role("alert")).to_have_count(0)
    owner.go().get_by_role("link", name="Pay R$149.00").click()
    expect(page.locator("#pix-code")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_barriers(page)
    owner.go().get_by_role("button", name="Change the way to pay").click()
    owner.type_card(GOOD, "Use this card")
    expect(page.locator(".card > header", has_text="Pro")).to_contain_text("active")
    expect(page.get_by_text("The payment arrived").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_barriers(page)
    expect(owner.add_client("Ana").get_by_role("heading", name="Ana")).to_be_visible()
    assert list(owner.cards_went_to) == [urlsplit(provider.url).netloc]
    told = Counter(str(mail["Subject"]) for mail in server.mails_to(OWNER) if "Lago" in str(mail["Subject"]))
    assert told["Lago Pools is suspended"] == 1
    assert {subject for subject, times in told.items() if times > 1} == set()
