"""A firm's clients, worked with as people do: typed, found, put away, brought from a spreadsheet, made one of two."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.server import PASSWORD, Server

Come = Callable[..., Visitor]
SHEET = """Nome;CPF;Telefone;E-mail;Cidade
Ana Souza;529.982.247-25;(11) 98765-0001;ana@casa.example;Santos
Bruno Lima;111.111.111-11;(11) 98765-0002;bruno@casa.example;Santos
Carla Dias;;(11) 98765-0003;no-address;Santos
Davi Rocha;;(11) 98765-0004;davi@casa.example;São Vicente
"""


@pytest.fixture
def acme(server: Server, page: Page) -> Page:
    """Signed in at acme as its owner, at the list of clients."""
    sign_in(page, server, "acme", path="/clients/")
    return page


def add_client(page: Page, name: str, phone: str = "", city: str = "") -> None:
    page.get_by_role("link", name="New client").first.click()
    page.get_by_label("Name", exact=True).first.fill(name)
    if phone:
        page.get_by_label("Phone").first.fill(phone)
    if city:
        page.get_by_label("City").first.fill(city)
    page.locator("main form button.btn-primary").last.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_client_is_added_found_archived_and_restored(acme: Page) -> None:
    add_client(acme, "Helena Prado", phone="11 98888-1001", city="Campinas")
    no_barriers(acme)
    acme.get_by_role("button", name="Archive").click()
    expect(acme.locator("#toasts")).to_contain_text("Undo")
    acme.get_by_role("button", name="Restore client").click()
    acme.get_by_role("link", name="Clients").first.click()
    expect(acme.get_by_role("heading", level=1, name="Clients")).to_be_visible()
    acme.keyboard.press("/")
    acme.keyboard.type("helena camp")
    expect(acme.locator("a.main")).to_have_count(1)
    expect(acme.locator("a.main")).to_have_text(re.compile("Helena Prado"))
    expect(acme).to_have_url(re.compile("search=helena"))
    no_barriers(acme)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(acme: Page) -> None:
    acme.keyboard.press("n")
    acme.get_by_label("Name", exact=True).first.fill("Igor Alves")
    acme.locator("[name=document]").fill("111.111.111-11")
    acme.locator("main form button.btn-primary").last.click()
    expect(acme.locator(".field-error").first).to_be_visible()
    expect(acme.get_by_label("Name", exact=True).first).to_have_value("Igor Alves")
    no_barriers(acme)


def test_two_records_of_one_person_become_one(acme: Page) -> None:
    add_client(acme, "Joana Martins", phone="11 97777-2002")
    acme.get_by_role("link", name="Clients").first.click()
    add_client(acme, "Joana Martins Silva", phone="11 97777-2002")
    acme.goto(re.sub(r"/clients/.*", "/clients/duplicates/", acme.url))
    no_barriers(acme)
    acme.locator("a[href*='/merge/']").first.click()
    no_barriers(acme)
    acme.get_by_role("button", name="Merge the two").click()
    expect(acme.get_by_role("heading", level=1, name=re.compile("Joana Martins"))).to_be_visible()
    acme.goto(re.sub(r"/clients/.*", "/clients/?search=joana", acme.url))
    expect(acme.locator("a.main")).to_have_count(1)


def test_a_sheet_with_two_bad_rows_is_brought_in_after_mending(acme: Page, tmp_path: Path) -> None:
    sheet = tmp_path / "clientes.csv"
    sheet.write_bytes(SHEET.encode("latin-1"))
    acme.goto(re.sub(r"/clients/.*", "/clients/import/", acme.url))
    no_barriers(acme)
    acme.locator("input[type=file]").set_input_files(sheet)
    acme.get_by_role("button", name="Read the file").click()
    no_barriers(acme)
    acme.locator("main form button.btn-primary").last.click()
    expect(acme.locator("a[href*='/errors/']").first).to_be_visible(timeout=30_000)
    no_barriers(acme)
    with acme.expect_download() as download:
        acme.locator("a[href*='/errors/']").first.click()
    assert "Bruno Lima" in Path(download.value.path()).read_text("utf-8-sig")

    sheet.write_text(SHEET.replace("111.111.111-11", "").replace("no-address", ""))
    acme.goto(re.sub(r"/clients/.*", "/clients/import/", acme.url))
    acme.locator("input[type=file]").set_input_files(sheet)
    acme.get_by_role("button", name="Read the file").click()
    acme.locator("main form button.btn-primary").last.click()
    acme.get_by_role("button", name=re.compile("^Import")).click(timeout=30_000)
    expect(acme.get_by_role("button", name=re.compile("Undo"))).to_be_visible(timeout=30_000)
    no_barriers(acme)
    acme.goto(re.sub(r"/clients/.*", "/clients/?search=davi", acme.url))
    expect(acme.locator("a.main")).to_have_text(re.compile("Davi Rocha"))


def test_somebody_invited_comes_in_and_sees_what_staff_may(server: Server, acme: Page, visitor: Come) -> None:
    acme.get_by_role("link", name="Team").first.click()
    no_barriers(acme)
    acme.keyboard.press("n")
    no_barriers(acme)
    acme.locator("#invite [name=email]").fill("nina@acme.example")
    acme.get_by_role("button", name="Send the invitation").click()
    expect(acme.locator("#toasts")).to_contain_text("nina@acme.example")

    page = visitor().page
    page.goto(server.link_for("nina@acme.example", "/invitations/"))
    page.locator("#id_name").fill("Nina Reis")
    page.locator("#id_password").fill(PASSWORD)
    no_barriers(page)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.locator("h1")).to_contain_text("Nina")
    page.wait_for_url(re.compile(rf"^http://acme\.localhost:{server.port}/$"))
    expect(page.get_by_role("link", name="Finance")).to_have_count(0)
    page.get_by_role("link", name="Clients").first.click()
    expect(page.get_by_role("link", name="New client").first).to_be_visible()
    expect(page.get_by_role("link", name="Security")).to_have_count(0)
    page.get_by_role("link", name="Team").first.click()
    expect(page.get_by_role("button", name="Invite somebody")).to_have_count(0)
