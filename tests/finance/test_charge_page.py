"""The client's side: an address nobody guesses, with what is due and how to pay it, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser
from pypdf import PdfReader

from shared_apps.organizations.models import Organization
from tenant_apps.finance import papers, pix, services
from tenant_apps.finance.models import ChargeLink, Entry, Payment
from tenant_apps.finance.page_views.charge import MISSES
from tests.finance.conftest import JAN_10, Owes

pytestmark = pytest.mark.usefixtures("inside", "empty_cache")


@pytest.fixture
def anybody(pages: Callable[..., Browser], acme: Organization) -> Browser:
    return pages(None, acme)


@pytest.fixture
def with_pix(inside: object) -> None:
    services.update_policy(actor=None, pix_key="ana@clients.example", pix_name="Acme", pix_city="Santos")


def link_of(entry: Entry, *, now: datetime | None = None) -> str:
    url = services.make_link(entry, actor=None, now=now or datetime.now(UTC))
    assert "://acme.localhost" in url
    return urlsplit(url).path


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.usefixtures("with_pix")
def test_a_client_sees_what_is_due_and_can_pay_it(anybody: Browser, owes: Owes) -> None:
    entry = owes(late_fee=Decimal(2), notes="never shown")
    answer = anybody.get(link_of(entry))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "R$102.00" in page.replace("\xa0", "").replace("R$ ", "R$")
    assert "Ana Lima" in page
    assert "<svg" in page
    code = page.split('id="pix-code">')[1].split("<")[0]
    assert pix.is_sound(code)
    assert "5406102.00" in code
    assert "never shown" not in page
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert ChargeLink.objects.get().seen_at
    assert ChargeLink.objects.get().token_hash not in page


def test_without_a_key_it_says_whom_to_ask(anybody: Browser, owes: Owes) -> None:
    page = anybody.get(link_of(owes())).content.decode()
    assert "pix-code" not in page
    assert "how to pay" in page


def test_paid_and_cancelled_say_so(anybody: Browser, owes: Owes) -> None:
    paid, cancelled = owes(), owes()
    paths = link_of(paid), link_of(cancelled)
    services.pay_entry(paid, actor=None, amount=Decimal(100), method="pix", paid_on=JAN_10)
    services.cancel_entry(cancelled, actor=None)
    assert "Thank you" in anybody.get(paths[0]).content.decode()
    assert "nothing to pay" in anybody.get(paths[1]).content.decode()


def test_an_old_a_revoked_and_a_guessed_address_are_one_closed_page(anybody: Browser, owes: Owes) -> None:
    entry = owes()
    old = link_of(entry, now=datetime.now(UTC) - timedelta(days=61))
    revoked = link_of(entry)
    assert services.revoke_links(entry, actor=None, now=datetime.now(UTC)) == 1
    payable = link_of(owes(kind="payable"))
    for path in (old, revoked, payable, "/pay/x/", f"/pay/{'y' * 300}/", f"{revoked}pdf/"):
        answer = anybody.get(path)
        assert answer.status_code == 404
        assert "This link is closed" in answer.content.decode()
        assert "Ana" not in answer.content.decode()


def test_another_organizations_host_knows_nothing_of_it(pages: Callable, globex: Organization, owes: Owes) -> None:
    assert pages(None, globex).get(link_of(owes())).status_code == 404


def test_who_tries_address_after_address_waits(anybody: Browser, owes: Owes) -> None:
    good = link_of(owes())
    for number in range(MISSES):
        assert anybody.get(f"/pay/guess-{number}/").status_code == 404
    assert anybody.get("/pay/another/").status_code == 429
    assert anybody.get(good).status_code == 429


@pytest.mark.usefixtures("with_pix")
def test_the_charge_on_paper(anybody: Browser, owes: Owes) -> None:
    answer = anybody.get(f"{link_of(owes(description='Limpeza da piscina, ção'))}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "Limpeza da piscina, ção" in text
    assert "br.gov.bcb.pix" in text.replace("\n", "")


def test_the_receipt_on_paper(owes: Owes) -> None:
    entry = owes()
    payment = services.pay_entry(entry, actor=None, amount=Decimal(40), method="pix", paid_on=JAN_10, reference="E1")
    text = text_of(papers.receipt(Payment.objects.select_related("entry__client").get(pk=payment.pk)))
    assert "Ana Lima" in text
    assert "40.00" in text
    assert "60.00" in text
    services.reverse_payment(payment, actor=None)
    assert "reversed" in text_of(papers.receipt(Payment.objects.select_related("entry__client").get(pk=payment.pk)))
