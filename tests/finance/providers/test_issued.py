"""A charge at the provider through the API, and what the client sees of it: one code for one debt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser
from pypdf import PdfReader
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from tenant_apps.finance import papers, services
from tenant_apps.finance.charging import charge_of
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import charges
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tests.finance.providers.conftest import owed
from tests.finance.providers.fake_asaas import Fake
from tests.finance.providers.test_charges import NOW, issued, work

pytestmark = pytest.mark.usefixtures("inside")
OURS = {"pix_key": "ana@clients.example", "pix_name": "Acme", "pix_city": "Santos"}


def test_the_api_issues_shows_and_withdraws(
    connected: ProviderAccount, asaas: Fake, api: Callable[..., APIClient], acme: Organization, alice: User
) -> None:
    hers, entry = api(alice, acme), owed()
    url = f"/api/v1/entries/{entry.pk}/provider-charge/"
    assert hers.get(url).status_code == 404
    made = hers.post(url, headers={"idempotency-key": "k1"})
    assert (made.status_code, made.json()["state"]) == (201, "pending")
    assert hers.post(url, headers={"idempotency-key": "k1"}).json() == made.json()
    assert hers.post(url).json()["id"] == made.json()["id"]
    assert hers.delete(url).status_code == 409  # nothing is there yet that could be withdrawn
    work(ProviderCharge.objects.get())
    told = hers.get(url).json()
    assert (told["state"], told["entry"], told["is_leaving"]) == ("issued", str(entry.pk), False)
    assert all(told[name] for name in ("pix", "boleto", "page"))
    assert hers.get(f"/api/v1/entries/{entry.pk}/pix/").json()["code"] == told["pix"]
    assert hers.delete(url).status_code == 204
    assert hers.get(url).json()["is_leaving"]
    work(ProviderCharge.objects.get())
    assert hers.get(url).json()["state"] == "removed"


def test_the_api_refuses_in_words(
    connected: ProviderAccount, asaas: Fake, api: Callable[..., APIClient], acme: Organization, alice: User, bob: User
) -> None:
    hers = api(alice, acme)
    payable, nobody = owed(kind="payable", document="11144477735"), owed(document="")

    def url(pk: object) -> str:
        return f"/api/v1/entries/{pk}/provider-charge/"

    assert (hers.post(url(payable.pk)).status_code, hers.post(url(uuid7())).status_code) == (409, 404)
    refused = hers.post(url(nobody.pk))
    assert (refused.status_code, "CPF" in refused.content.decode()) == (422, True)
    ProviderAccount.objects.update(state="failed")
    assert hers.post(url(owed(document="39053344705").pk)).json()["code"] == "provider_not_connected"
    staff = api(bob, acme)
    assert {getattr(staff, name)(url(payable.pk)).status_code for name in ("get", "post", "delete")} == {403}


def test_one_debt_has_one_code(
    connected: ProviderAccount, asaas: Fake, pages: Callable[..., Browser], acme: Organization, browser: Browser
) -> None:
    services.update_policy(actor=None, **OURS)
    entry, today = owed(), current.today()
    path = urlsplit(services.make_link(entry, actor=None, now=datetime.now(UTC))).path
    anybody = pages(None, acme)
    ours = charge_of(entry, today=today).pix_code
    assert ours in anybody.get(path).content.decode()
    charge = issued(entry)
    page, desk = (one.content.decode() for one in (anybody.get(path), browser.get(f"/entries/{entry.pk}/")))
    for shown in (page, desk):
        assert ours not in shown
        assert charge.pix in shown
    assert page.count('id="pix-code"') == 1
    assert charge.boleto in page
    assert f'href="{charge.page}"' in page
    paper = "".join(sheet.extract_text() for sheet in PdfReader(_paper(entry, today)).pages)
    assert charge.boleto in paper
    assert charge.pix[:30] in paper.replace("\n", "")
    assert ours[:60] not in paper.replace("\n", "")
    charges.withdraw(charge, actor=None, now=NOW)
    work(charge)
    page = anybody.get(path).content.decode()
    assert ours in page
    assert charge.boleto not in page


def test_an_account_without_pix_shows_no_code_of_ours(
    connected: ProviderAccount, asaas: Fake, pages: Callable[..., Browser], acme: Organization
) -> None:
    services.update_policy(actor=None, **OURS)
    entry = owed()
    path = urlsplit(services.make_link(entry, actor=None, now=datetime.now(UTC))).path
    charge = issued(entry)
    ProviderCharge.objects.update(pix="")
    page = pages(None, acme).get(path).content.decode()
    assert 'id="pix-code"' not in page
    assert "how to pay" not in page
    assert charge.boleto in page


def _paper(entry: Entry, today: date) -> Any:
    return BytesIO(papers.charge(charge_of(entry, today=today)))


def test_the_entrys_page_shows_its_code_once(connected: ProviderAccount, asaas: Fake, browser: Browser) -> None:
    charge = issued(owed())
    part = browser.get(f"/provider-charges/{charge.entry_id}/", headers={"HX-Request": "true"}).content.decode()
    assert charge.pix not in part  # the card of the charge has it, with its picture
    assert charge.boleto in part
    assert charge.pix in browser.get(f"/provider-charges/{charge.entry_id}/").content.decode()
