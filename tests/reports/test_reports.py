"""Reports on screen, as files and through the API: the same rows everywhere, each for who may see them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Client
from tenant_apps.reports import services
from tenant_apps.reports.catalogue import REPORTS
from tenant_apps.reports.models import Run
from tenant_apps.team.models import Member
from tenant_apps.visits.models import Dose, Reading, VisitReport
from tests.factories.clients import ClientFactory
from tests.factories.firm import entry, visit

ZONE = ZoneInfo("America/Sao_Paulo")
API = "/api/v1/reports/"
pytestmark = pytest.mark.usefixtures("inside")
Pages = Callable[[User | None, Organization], Browser]
Text = Callable[[Browser, str], str]


@pytest.fixture
def hers(pages: Pages, acme: Organization, alice: User) -> Browser:
    return pages(alice, acme)


@pytest.fixture
def bobs(bob: User) -> Member:
    return Member.objects.get(user_id=bob.pk)


@pytest.fixture
def ana(bobs: Member) -> Client:
    """With a visit done and reported, one entry in part paid, one of another month, and a supplier's."""
    ana: Client = ClientFactory(name="Ana Conceição")  # type: ignore[assignment]
    done = visit(ana, bobs, datetime(2026, 7, 31, 22, tzinfo=ZONE), status="done", price="95.00")
    report = VisitReport.objects.create(
        appointment=done, by=bobs, checked_in_at=done.starts_at, checked_out_at=done.starts_at + timedelta(minutes=42)
    )
    Reading.objects.create(report=report, kind="ph", value="8.1", low="7.2", high="7.8")
    Dose.objects.create(report=report, product="Redutor de pH", amount="120", unit="ml")
    visit(ClientFactory(name="Bruno"), bobs, datetime(2026, 8, 1, 9, tzinfo=ZONE))
    entry("1234.50", date(2026, 7, 10), paid="234.50", client=ana)
    entry("10.00", date(2026, 8, 10), client=ana)
    entry("80.00", date(2026, 7, 11), paid="80.00", kind="payable", party="Posto")
    return ana


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return str(answer.content.decode())


def named(page: str) -> list[str]:
    """What the rows are about."""
    return re.findall(r'main-cell">(?:<a[^>]*>)?([^<]+)<', page)


def test_the_catalogue_leads_to_every_report(hers: Browser, ana: Client) -> None:
    page = text(hers, "/reports/")
    for key in REPORTS:
        assert f"/reports/{key}/" in page
        assert "Ana Conceição" in text(hers, f"/reports/{key}/?from=2026-07-01")


def test_days_are_the_organizations(hers: Browser, ana: Client) -> None:
    july = text(hers, "/reports/appointments/?from=2026-07-01&until=2026-07-31")
    assert named(july) == ["Ana Conceição"]
    assert "R$95.00" in july.replace("\xa0", "")
    assert named(text(hers, "/reports/appointments/?from=2026-08-01&until=2026-08-31")) == ["Bruno"]


def test_filters_are_kept_apart(hers: Browser, ana: Client, bobs: Member) -> None:
    late = text(hers, "/reports/entries/?status=overdue_receivable&from=2026-07-01&until=2026-07-31")
    assert "1,000.00" in late
    assert "Posto" not in late
    assert "Posto" in text(hers, "/reports/payments/?status=payable")
    assert named(text(hers, "/reports/visits/?status=out_of_limits")) == ["Ana Conceição"]
    assert "Nothing in these days" in text(hers, f"/reports/visits/?client={Client.objects.get(name='Bruno').pk}")
    assert named(text(hers, f"/reports/appointments/?professional={bobs.pk}&status=pending")) == ["Bruno"]


@pytest.mark.parametrize(
    "query", ["from=x&until=9999-99-99", "client=1&professional=%00", "status=<script>", "page=-1", "from=0001-01-01"]
)
def test_nonsense_in_an_address_is_passed_over(hers: Browser, query: str) -> None:
    assert hers.get(f"/reports/entries/?{query}").status_code == 200


def test_a_page_takes_few_statements(hers: Browser, ana: Client) -> None:
    text(hers, "/reports/entries/")
    with CaptureQueriesContext(connection) as made:
        text(hers, "/reports/entries/?from=2026-07-01")
    assert len(made) <= 6, [query["sql"][:80] for query in made]


def test_files_hold_the_rows_and_nothing_runs_in_them(hers: Browser, ana: Client) -> None:
    Client.objects.filter(pk=ana.pk).update(name="=HYPERLINK(1)")
    csv = hers.post("/reports/entries/files/?from=2026-07-01&until=2026-07-31", {"format": "csv"})
    lines = b"".join(csv.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "'=HYPERLINK(1)" in lines[1]
    assert "1234.5" in lines[1]
    xlsx = hers.post("/reports/entries/files/?from=2026-07-01&until=2026-07-31", {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(xlsx.streaming_content))).active
    assert sheet["C2"].value == "'=HYPERLINK(1)"
    assert sheet["G2"].value == 1234.5
    assert hers.post("/reports/entries/files/", {"format": "exe"}).status_code == 404


def test_a_report_on_paper(hers: Browser, ana: Client) -> None:
    answer = hers.post("/reports/entries/files/?from=2026-07-01&until=2026-07-31", {"format": "pdf"})
    pdf = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    page = pdf.pages[0].extract_text()
    for words in ("Acme Piscinas", "Receivables and payables", "Ana Conceição", "2 rows", "1,314.50"):
        assert words in page.replace("\xa0", ""), page


def test_long_ones_are_made_in_the_background(
    hers: Browser, ana: Client, settings: object, pages: Pages, acme: Organization, bob: User
) -> None:
    settings.EXPORT_INLINE_ROWS = 1
    answer = hers.post("/reports/entries/files/?from=2026-07-01", {"format": "pdf"})
    run = Run.objects.get()
    assert answer["Location"] == f"/reports/runs/{run.pk}/"
    assert "Making the report" in text(hers, answer["Location"])
    assert hers.get(f"{answer['Location']}file/").status_code == 409
    services.fill_run(run.pk, language="en", now=timezone.now())
    services.fill_run(run.pk, language="en", now=timezone.now())
    assert "The report is ready" in text(hers, answer["Location"])
    assert hers.get(f"{answer['Location']}progress/")["HX-Refresh"] == "true"
    file = hers.get(f"{answer['Location']}file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert pages(bob, acme).get(answer["Location"]).status_code == 403
    services.expire(now=timezone.now() + timedelta(days=3))
    assert hers.get(answer["Location"]).status_code == 404
    assert services.next_expiry() is None


def test_the_api_says_the_same(owner: APIClient, ana: Client, no_organization_sees: Callable[..., None]) -> None:
    assert [one["key"] for one in owner.get(API).json()] == list(REPORTS)
    answer = owner.get(f"{API}entries/", {"from": "2026-07-01", "until": "2026-07-31", "page_size": 1})
    body = answer.json()
    assert body["count"] == 2
    assert body["totals"]["amount"] == "1314.50"
    assert body["results"][0]["who"] == "Ana Conceição"
    assert "page=2" in body["next"]
    made = owner.post(f"{API}entries/runs/", {"format": "csv", "filters": {"from": "2026-07-01"}}, format="json")
    assert made.status_code == 201, made.content
    services.fill_run(made.json()["id"], language="en", now=timezone.now())
    run = owner.get(f"/api/v1/report-runs/{made.json()['id']}/").json()
    assert (run["state"], run["done"]) == ("done", 3)
    no_organization_sees("get", f"/api/v1/report-runs/{run['id']}/")
    no_organization_sees("get", f"{API}entries/", there=200)


@pytest.mark.parametrize(
    "query", ["from=yesterday", "client=1", "status=late", "page=0", "page=99", "frm=2026-01-01", "until=9999-01-01"]
)
def test_the_api_refuses_by_name(owner: APIClient, query: str) -> None:
    assert owner.get(f"{API}entries/?{query}").status_code in (400, 404)


def test_what_is_no_order_is_refused(owner: APIClient) -> None:
    for body in (
        {"format": "doc"},
        {"format": "csv", "filters": {"x": "1"}},
        {"format": "csv", "filters": {"from": "x"}},
    ):
        assert owner.post(f"{API}entries/runs/", body, format="json").status_code in (400, 422)
    assert owner.get(f"{API}nothing/").status_code == 404


def test_reports_are_not_for_staff(staff: APIClient, pages: Pages, acme: Organization, bob: User) -> None:
    assert staff.get(API).status_code == 403
    assert pages(bob, acme).get("/reports/").status_code == 403
    assert "/reports/" not in text(pages(bob, acme), "/")
