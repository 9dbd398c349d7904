"""`make screenshots`: the main pages, of a firm filled with made-up data, into docs/images."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import CHROMIUM, DESK, FLAGS, PHONE
from tests.e2e.provider import GOOD, providing
from tests.e2e.server import Server, manage, serve

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
SLUG, OWNER, PASSWORD = "demo", "demo@demo.example", "colmeia-demo-2026"


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.host(SLUG)}/")
    page.locator("#id_login").fill(OWNER)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form[action='/sign-in/'] button[type=submit], form[action='/sign-in/'] button:not([type])").click()
    page.wait_for_url(f"{server.host(SLUG)}/")


def subscribe(page: Page, server: Server) -> None:
    """The demo firm buys the plan in the middle, by card."""
    page.goto(f"{server.host(SLUG)}/settings/billing/plans/")
    page.locator(".plan-offer a.btn").nth(1).click()
    page.locator("main form .btn-primary").click()
    page.locator("#number").fill(GOOD)
    page.locator("form:has(#number) button").click()
    page.wait_for_url(f"{server.host(SLUG)}/settings/billing/checkouts/**")


def enter_console(page: Page, server: Server) -> None:
    """As somebody of the platform's staff, with the second step of a development machine."""
    demo = {**server.environment, "DEBUG": "true"}
    staff = json.loads(manage(demo, "console", "grant", "staff@platform.example", "--demo", "--json"))
    page.goto(f"{server.platform}/console/")
    page.locator("#id_login").fill(staff["email"])
    page.locator("#id_password").fill(staff["password"])
    page.locator("#id_password").press("Enter")
    page.locator("#id_code").fill(manage(demo, "console", "code").strip())
    page.locator("#id_code").press("Enter")
    page.wait_for_url(f"{server.platform}/console/")


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()  # for the payment provider, which runs here
    with serve() as server, providing(server), sync_playwright() as playwright:
        server.manage("plans", "sync")
        owner = ["--owner", OWNER, "--password-stdin", "--demo"]
        server.manage("onboard", SLUG, "--name", "Piscinas Demo", *owner, typed=PASSWORD)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        desk = browser.new_context(viewport=DESK, locale="pt-BR").new_page()
        take(desk, server.platform, "landing")
        sign_in(desk, server)
        take(desk, f"{server.host(SLUG)}/", "dashboard")
        take(desk, f"{server.host(SLUG)}/reports/entries/", "report")
        take(desk, f"{server.host(SLUG)}/clients/", "clients")
        address = desk.locator("a.main").first.get_attribute("href")
        take(desk, f"{server.host(SLUG)}{address}", "client")
        take(desk, f"{server.host(SLUG)}/clients/import/", "import")
        take(desk, f"{server.host(SLUG)}/team/", "team")
        take(desk, f"{server.host(SLUG)}/settings/notifications/", "notifications")
        take(desk, f"{server.host(SLUG)}/settings/jobs/", "jobs")
        take(desk, f"{server.host(SLUG)}/calendar/", "calendar")
        subscribe(desk, server)
        server.manage("jobs", "run", "organizations.roll_up", SLUG)
        server.manage("jobs", "run", "console.roll_up")
        take(desk, f"{server.host(SLUG)}/settings/billing/", "billing")
        staff = browser.new_context(viewport=DESK, locale="pt-BR").new_page()
        enter_console(staff, server)
        take(staff, f"{server.platform}/console/", "console")
        phone = browser.new_context(viewport=PHONE, locale="pt-BR", color_scheme="dark", is_mobile=True).new_page()
        sign_in(phone, server)
        take(phone, f"{server.host(SLUG)}/clients/", "clients-phone-dark")
        take(phone, f"{server.host(SLUG)}{address}", "client-phone-dark")
        browser.close()
    print(f"Written to {IMAGES}.")


if __name__ == "__main__":
    main()
