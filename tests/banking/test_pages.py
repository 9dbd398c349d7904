"""/bank/ as a browser uses it, the API beside it, and what both answer to nonsense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from tenant_apps.banking.models import StatementLine
from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry, Payment
from tests.banking.conftest import DAY, brought, csv, owed
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.usefixtures("inside")
ROWS = [(DAY, "PIX ANA SOUZA", "150.00"), (DAY, "TARIFA", "-12.50")]


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("extrato.csv", content)


def test_from_the_file_to_the_last_movement(browser: Browser) -> None:
    assert "What does your bank say?" in browser.get("/bank/").content.decode()
    owed("150.00", client=ClientFactory(name="Ana Souza"))
    answer = browser.post("/bank/statements/new/", {"file": file(csv(*ROWS)), "account": "Itaú"})
    assert answer.status_code == 302
    page = browser.get("/bank/").content.decode()
    assert "no doubt" in page
    assert browser.post("/bank/certain/").status_code == 302
    [fee] = StatementLine.objects.open()
    page = browser.get(f"/bank/lines/{fee.pk}/").content.decode()
    assert "It was not written down" in page
    assert browser.post(f"/bank/lines/{fee.pk}/entry/", {"description": ""}).status_code == 422
    assert browser.post(f"/bank/lines/{fee.pk}/entry/", {"description": "Tarifa"}).status_code == 302
    assert "All explained" in browser.get("/bank/").content.decode()
    assert "payment recorded from the bank" in browser.get("/bank/?state=explained").content.decode()
    assert browser.post(f"/bank/lines/{fee.pk}/reopening/").status_code == 302
    assert browser.post(f"/bank/lines/{fee.pk}/ignoring/").status_code == 302
    assert browser.post(f"/bank/lines/{fee.pk}/ignoring/").status_code == 409


def test_a_new_entry_is_the_clients_that_was_searched(browser: Browser) -> None:
    ana: Client = ClientFactory(name="Ana Souza")  # type: ignore[assignment]
    [line] = brought((DAY, "PIX ANA", "150.00"))
    page = browser.get(f"/bank/lines/{line.pk}/").content.decode()
    assert 'hx-get="/entries/clients/"' in page
    found = browser.get("/entries/clients/?q=ana+sou").content.decode()
    assert f'name="client" value="{ana.pk}"' in found
    url = f"/bank/lines/{line.pk}/entry/"
    for wrong in (str(uuid7()), "x", "\x00"):
        answer = browser.post(url, {"description": "Visit", "client": wrong})
        assert (answer.status_code, "field-error" in answer.content.decode()) == (422, True), wrong
    again = browser.post(url, {"description": "", "client": ana.pk})
    assert (again.status_code, f'value="{ana.pk}" checked' in again.content.decode()) == (422, True)
    assert not Entry.objects.exists()
    assert browser.post(url, {"description": "Visit", "client": ana.pk}).status_code == 302
    entry = Entry.objects.get()
    assert (entry.client, entry.paid) == (ana, entry.amount)


def test_the_api_takes_the_client_of_a_new_entry(
    api: Callable[..., APIClient], acme: Organization, alice: User
) -> None:
    ana: Client = ClientFactory(name="Ana Souza")  # type: ignore[assignment]
    hers = api(alice, acme)
    [line] = brought((DAY, "PIX ANA", "150.00"))
    url = f"/api/v1/bank-lines/{line.pk}/entry/"
    wrongs: list[Any] = [str(uuid7()), "x", 5, []]
    for wrong in wrongs:
        refused = hers.post(url, {"description": "Visit", "client": wrong}, format="json")
        assert refused.status_code == 422, wrong
    assert hers.post(url, {"description": "Visit", "client": str(ana.pk)}, format="json").status_code < 300
    assert Entry.objects.get().client == ana


def test_a_split_that_does_not_add_up_shows_again(browser: Browser) -> None:
    one, two = owed("100.00"), owed("60.00")
    [line] = brought((DAY, "x", "150.00"))
    chosen: dict[str, Any] = {"split": "1", "entry": [one.pk, two.pk], f"amount_{one.pk}": "100,00"}
    for amount in ("49,99", "", "abc", "1e99", "-1", "NaN"):
        answer = browser.post(f"/bank/lines/{line.pk}/explanation/", {**chosen, f"amount_{two.pk}": amount})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    answer = browser.post(f"/bank/lines/{line.pk}/explanation/", {**chosen, f"amount_{two.pk}": "50,00"})
    assert answer.status_code == 302
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"<OFX>", b"a;b\n1;2\n"])
def test_a_file_that_is_none_says_so_beside_the_field(browser: Browser, content: bytes) -> None:
    answer = browser.post("/bank/statements/new/", {"file": file(content)})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


@pytest.mark.parametrize("query", ["state=x", "page=0", "page=999999", "search=%00%27%25", "page=abc&state=ignored"])
def test_the_inbox_forgives(browser: Browser, query: str) -> None:
    brought(*ROWS)
    assert browser.get(f"/bank/?{query}").status_code == 200


def test_the_api_explains_and_takes_back(api: Callable[..., APIClient], acme: Organization, alice: User) -> None:
    hers = api(alice, acme)
    answer = hers.post("/api/v1/bank-statements/", {"file": file(csv(*ROWS))}, format="multipart")
    assert (answer.status_code, answer.json()["new"]) == (201, 2)
    entry = owed("150.00", client=ClientFactory(name="Ana Souza"))
    [line] = hers.get("/api/v1/bank-lines/?state=open&search=ana").json()["results"]
    url = f"/api/v1/bank-lines/{line['id']}"
    [offer] = hers.get(f"{url}/suggestions/").json()
    assert (offer["id"], offer["is_certain"]) == (str(entry.pk), True)
    wrong = hers.post(f"{url}/explanation/", {"entries": [{"entry": str(entry.pk), "amount": "1.00"}]}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "amount")
    body = {"entries": [{"entry": str(entry.pk), "amount": "150.00"}]}
    done = hers.post(f"{url}/explanation/", body, format="json", headers={"Idempotency-Key": "k"})
    again = hers.post(f"{url}/explanation/", body, format="json", headers={"Idempotency-Key": "k"})
    assert (done.status_code, done.json()["state"], again.status_code) == (201, "explained", 201)
    assert hers.post(f"{url}/explanation/", body, format="json").status_code == 409
    assert hers.delete(f"{url}/explanation/").status_code == 204
    assert hers.post(f"{url}/explanation/", {}, format="json").status_code == 422
    assert hers.get("/api/v1/bank-lines/?state=x").status_code == 400
    Entry.objects.get(pk=entry.pk)


def test_nobody_else_touches_it(
    api: Callable[..., APIClient], acme: Organization, globex: Organization, bob: User, carol: User
) -> None:
    [line] = brought((DAY, "x", "150.00"))
    for path in ("/api/v1/bank-lines/", f"/api/v1/bank-lines/{line.pk}/"):
        assert api(None, acme).get(path).status_code == 401
        assert api(bob, acme).get(path).status_code == 403  # staff reads no money
    assert api(carol, globex).get(f"/api/v1/bank-lines/{line.pk}/").status_code == 404
    assert api(carol, globex).delete(f"/api/v1/bank-statements/{uuid7()}/").status_code == 404
