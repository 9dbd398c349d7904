"""The bank's side, as people work through it: bring a file, say what each movement is, take it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import Server

OFX = """OFXHEADER:100
ENCODING:UTF-8

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKACCTFROM><BANKID>0341<ACCTID>5678-9</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261103<TRNAMT>-39,90<FITID>E1<MEMO>TARIFA MANUTENÇÃO</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261104<TRNAMT>150,00<FITID>E2<MEMO>PIX RECEBIDO
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.fixture
def bank(server: Server, page: Page) -> Page:
    sign_in(page, server, "acme", path="/bank/")
    return page


def test_a_statement_is_brought_and_explained(bank: Page, tmp_path: Path) -> None:
    (tmp_path / "extrato.ofx").write_bytes(OFX.encode("cp1252"))
    bank.get_by_role("link", name="Bring a statement").first.click()
    bank.get_by_label("File of the bank").set_input_files(tmp_path / "extrato.ofx")
    bank.get_by_role("button", name="Bring the movements").click()
    expect(bank.locator(".inbox > li")).to_have_count(2)
    expect(bank.locator("main")).to_contain_text("TARIFA MANUTENÇÃO")
    no_barriers(bank)

    bank.get_by_role("link", name="TARIFA MANUTENÇÃO").click()
    no_barriers(bank)
    bank.get_by_role("button", name="Write it down").click()
    expect(bank.locator(".inbox > li")).to_have_count(1)
    bank.get_by_role("link", name="Explained").click()
    expect(bank.locator("main")).to_contain_text("payment recorded from the bank")
    bank.get_by_role("button", name="Take back").click()
    expect(bank.locator("main")).to_contain_text("Movements come here")


def test_statements_fit_a_phone_and_stop_nobody(server: Server, visitor: Callable[..., Visitor]) -> None:
    page = visitor(viewport=PHONE, is_mobile=True, has_touch=True).page
    sign_in(page, server, "acme")
    for path in ("/finance/", "/finance/ageing/", "/finance/income/", "/settings/asaas/"):
        page.goto(server.host("acme") + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        no_barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
