"""A firm that has been at work for months: its dashboard, and the month's report on paper, looked at."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import PASSWORD, Server

Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def busy(server: Server) -> Server:
    """The server, with the firm "lived"."""
    owner = ["--owner", "owner@lived.example", "--password-stdin", "--demo", "--locale", "en"]
    server.manage("onboard", "lived", "--name", "Lived Pools", *owner, typed=PASSWORD)
    return server


def test_the_dashboard_leads_from_every_number_to_its_list(busy: Server, page: Page) -> None:
    sign_in(page, busy, "lived")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
    expect(page.locator("canvas[data-chart]:visible")).to_have_count(2)
    no_barriers(page)
    drawn = page.locator("canvas[data-chart]").first
    by_day = drawn.evaluate("canvas => canvas.toDataURL()")
    page.locator("[data-theme-switch]:visible").first.click()
    page.wait_for_function("before => document.querySelector('canvas[data-chart]').toDataURL() !== before", arg=by_day)
    no_barriers(page)
    page.get_by_label("Months in the charts").select_option("12")
    expect(page).to_have_url(re.compile("months=12"))
    expect(page.locator("table#money tbody tr")).to_have_count(12)
    page.locator("a.stat", has_text="Overdue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receivables and payables")
    expect(page.locator("table.report tbody tr").first).to_be_visible()
    no_barriers(page)


def test_the_dashboard_and_a_report_fit_a_phone(busy: Server, visitor: Come) -> None:
    phone = visitor(viewport=PHONE, color_scheme="dark").page
    sign_in(phone, busy, "lived")
    for path in ("/", "/reports/", "/reports/payments/"):
        phone.goto(f"{busy.host('lived')}{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        no_barriers(phone)


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no pdftoppm on PATH")
def test_the_months_report_on_paper_is_a_page_full_of_rows(busy: Server, page: Page, tmp_path: Path) -> None:
    sign_in(page, busy, "lived", path="/reports/payments/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PDF").click()
    paper = tmp_path / "month.pdf"
    waiting.value.save_as(paper)
    subprocess.run(["pdftoppm", "-r", "50", "-png", "-f", "1", "-l", "1", paper, tmp_path / "page"], check=True)
    picture = Image.open(next(tmp_path.glob("page*.png"))).convert("L")
    width, height = picture.size
    # Ink in every fifth of the sheet's height, and white margins at its sides.
    for part in range(4):
        fifth = picture.crop((0, height * part // 5, width, height * (part + 1) // 5))
        assert dark(fifth.tobytes()) > 100, f"nothing in part {part}"
    assert dark(picture.crop((0, 0, width // 40, height)).tobytes()) == 0


def dark(pixels: bytes) -> int:
    return sum(count for shade, count in Counter(pixels).items() if shade < 128)
