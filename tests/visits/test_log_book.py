"""The log book: any later change of a row shows, and the paper can be read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from shared_apps.core.papers.sheet import Firm
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling.models import Offering
from tenant_apps.team.models import Member
from tenant_apps.visits import papers, queries, services
from tenant_apps.visits.models import LogRow
from tenant_apps.visits.services import ReadingGiven
from tests.visits.conftest import NOW, book, given

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def book_of_three(pool: Asset, offering: Offering, member: Member) -> Asset:
    for day in range(3):
        visit = book(pool, offering, member, start=NOW - timedelta(days=day))
        readings = [ReadingGiven("ph", Decimal(7) + Decimal(day) / 10, pool.pk)]
        services.save_report(visit, actor=member, sent_key=uuid4(), given=given(readings=readings), now=NOW)
    return pool


def test_rows_follow_each_other(book_of_three: Asset) -> None:
    chain = services.verify(book_of_three.pk)
    assert (chain.rows, chain.broken) == (3, None)
    assert chain.last_hash == LogRow.objects.order_by("number").last().hash


def test_a_changed_row_shows(book_of_three: Asset) -> None:
    row = LogRow.objects.get(number=2)
    row.content["readings"][0]["value"] = "7.5"
    row.save()
    assert services.verify(book_of_three.pk).broken == 2


@pytest.mark.parametrize(("gone", "broken"), [(1, 1), (2, 2)])
def test_a_removed_row_shows(book_of_three: Asset, gone: int, broken: int) -> None:
    LogRow.objects.filter(number=gone).delete()
    assert services.verify(book_of_three.pk).broken == broken


def test_a_moved_time_shows(book_of_three: Asset) -> None:
    LogRow.objects.filter(number=3).update(at=NOW - timedelta(days=300))
    assert services.verify(book_of_three.pk).broken == 3


def test_the_paper_has_every_row_page_and_seal(book_of_three: Asset) -> None:
    rows = list(queries.log_rows(queries.asset(book_of_three.pk)))
    chain = services.verify(book_of_three.pk)
    pages = PdfReader(BytesIO(_paper(book_of_three, rows * 30))).pages
    assert len(pages) > 1
    first, last = pages[0].extract_text(), pages[-1].extract_text()
    assert f"Page 1 of {len(pages)}" in first
    assert "Acme <b>& Söhne" in first
    assert "pH: 7.1" in first
    assert rows[0].hash[:10] in first
    assert "Measured" in last  # the head is repeated
    assert chain.last_hash in last


def test_an_empty_book_is_a_paper_too(pool: Asset) -> None:
    assert "Nothing was written" in PdfReader(BytesIO(_paper(pool, []))).pages[0].extract_text()


def _paper(asset: Asset, rows: list[LogRow]) -> bytes:
    firm = Firm("Acme <b>& Söhne")
    chain = services.verify(asset.pk)
    return papers.log_book(queries.asset(asset.pk), rows, firm=firm, start=None, end=None, chain=chain)
