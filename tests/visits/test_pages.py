"""The pages of reports and log books, and the day on a phone with what it sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Asset
from tenant_apps.files.models import Attachment
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.team.models import Member
from tenant_apps.visits import services
from tenant_apps.visits.models import VisitReport
from tests.files.conftest import picture, upload
from tests.visits.conftest import NOW, PNG, book, given

pytestmark = pytest.mark.usefixtures("inside")
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture
def report(visit: Appointment, member: Member, pool: Asset) -> VisitReport:
    return services.save_report(
        visit, actor=member, sent_key=uuid4(), given=given(pool, signature=PNG, notes="<script>x</script>"), now=NOW
    )


def send(browser: Browser, visit: Appointment, **values: Any) -> Any:
    body = {"sent_key": str(uuid4()), "checked_in_at": NOW.isoformat(), **values}
    return browser.post(
        f"/today/{visit.pk}/report/",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_a_report_is_listed_shown_and_printed(bobs: Browser, carols: Browser, report: VisitReport, pool: Asset) -> None:
    assert "Maria Souza" in bobs.get("/visit-reports/?state=done&search=maria").content.decode()
    assert "No report found" in bobs.get("/visit-reports/?search=nobody&from=x&member=x&page=x").content.decode()
    page = bobs.get(f"/visit-reports/{report.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "Free chlorine" in page
    for path in ("paper/", "signature/", ""):
        assert bobs.get(f"/visit-reports/{report.pk}/{path}").status_code == 200
        assert carols.get(f"/visit-reports/{report.pk}/{path}").status_code == 404
    assert bobs.get(f"/visit-reports/{report.pk}/paper/").content[:5] == b"%PDF-"
    book_page = bobs.get(f"/visit-reports/log-books/{pool.pk}/").content.decode()
    assert "as it was written" in book_page
    assert bobs.get(f"/visit-reports/log-books/{pool.pk}/paper/?from=2020-01-01&until=x").content[:5] == b"%PDF-"
    assert carols.get(f"/visit-reports/log-books/{pool.pk}/").status_code == 404


def test_the_day_has_everything_for_the_spot(bobs: Browser, visit: Appointment) -> None:
    page = bobs.get("/today/").content.decode()
    for text in (
        "Maria Souza",
        "tel:+5511987650001",
        "wa.me/5511987650001",
        "Key at the porter",
        "google.com/maps/dir",
    ):
        assert text in page
    for text in ('data-reading="ph"', 'data-step="Brush"', "data-pad", "good: 7.2 to 7.8"):
        assert text in page


def test_a_day_takes_few_statements(bobs: Browser, pool: Asset, offering: Offering, member: Member) -> None:
    visits = [book(pool, offering, member, start=NOW - timedelta(minutes=5 * n), minutes=5) for n in range(6)]
    for visit in visits:
        services.check_in(visit, actor=member, at=NOW, now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bobs.get("/today/")
    assert len(asked) <= 12, [query["sql"][:100] for query in asked]


def test_only_who_plans_sees_anothers_day(
    bobs: Browser, alices: Browser, visit: Appointment, member: Member, boss: Member
) -> None:
    assert "Maria Souza" in alices.get(f"/today/?member={member.pk}").content.decode()
    assert "Maria Souza" not in alices.get("/today/").content.decode()
    assert "Maria Souza" in bobs.get(f"/today/?member={boss.pk}").content.decode()  # his own: not asked
    assert bobs.get("/today/?day=2026-99-99&member=x").status_code == 200


def test_what_the_phone_sends_is_kept_once(bobs: Browser, carols: Browser, visit: Appointment, pool: Asset) -> None:
    key = str(uuid4())
    sent = {"readings": [{"kind": "ph", "value": "7.4", "asset": str(pool.pk)}], "finish": True, "sent_key": key}
    answers = [send(bobs, visit, **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].content
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["status"] == "done"
    assert VisitReport.objects.count() == 1
    assert send(carols, visit, **sent).status_code == 404
    wrong = send(bobs, visit, readings=[{"kind": "ph", "value": "740"}])
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "readings.0.value")
    assert send(bobs, visit, checklist=7).status_code == 422


@pytest.mark.parametrize("body", ["", "[]", "7", "{", '"x"', "null", '{"sent_key": "x"}'])
def test_what_is_no_report_is_refused(bobs: Browser, visit: Appointment, body: str) -> None:
    address, accept = f"/today/{visit.pk}/report/", {"accept": "application/json"}
    answer = bobs.post(address, body, content_type="application/json", headers=accept)
    assert answer.status_code == 422


def test_who_is_signed_out_is_told_so(pages: Pages, acme: Organization, visit: Appointment) -> None:
    assert send(pages(None, acme), visit).status_code == 401


def test_photos_come_once_and_need_a_report(bobs: Browser, visit: Appointment) -> None:
    address = f"/today/{visit.pk}/photos/"

    def photo(**fields: Any) -> Any:
        return bobs.post(
            address, {"file": upload("a.jpg", picture()), **fields}, headers={"accept": "application/json"}
        )

    key = str(uuid4())
    assert photo(moment="before", key=key).json()["code"] == "not_reported"
    send(bobs, visit)
    first, again = photo(moment="before", key=key), photo(moment="before", key=key)
    assert first.status_code == 201, first.content
    assert first.json()["photo"] == again.json()["photo"]
    assert photo(moment="after", key=str(uuid4())).status_code == 201
    assert Attachment.objects.count() == 2
    assert photo(moment="during", key=key).status_code == 422
    assert photo(moment="after", key="x").status_code == 422
    page = bobs.get(f"/visit-reports/{VisitReport.objects.get().pk}/").content.decode()
    assert first.json()["thumbnail"] in page
    assert bobs.get(f"/visit-reports/{VisitReport.objects.get().pk}/paper/").status_code == 200


def test_the_route_is_reordered(bobs: Browser, pool: Asset, offering: Offering, member: Member) -> None:
    visits = [book(pool, offering, member, start=NOW + timedelta(minutes=n), minutes=1) for n in range(3)]
    day = {"day": f"{NOW.astimezone().date()}"}

    def route() -> list[Any]:
        return [card.appointment.pk for card in bobs.get("/today/").context["cards"]]

    before = route()
    if len(before) < 3:
        pytest.skip("it is nearly midnight at acme")
    bobs.post("/today/order/", {"visit": visits[2].pk, "up": "1", **day})
    assert route() == [before[0], before[2], before[1]]
    bobs.post("/today/order/", {"visit": visits[0].pk, "down": "1"})
    assert route() == [before[2], before[0], before[1]]
    bobs.post("/today/order/", {"visit": visits[2].pk, "up": "1"})  # it is the first: nothing changes
    assert route()[0] == visits[2].pk
    assert bobs.post("/today/order/", {"visit": "x", "up": "1"}).status_code == 404


def test_nobody_there_and_back(bobs: Browser, pool: Asset, offering: Offering, member: Member) -> None:
    visit = book(pool, offering, member, start=NOW - timedelta(minutes=30))
    assert bobs.post(f"/today/{visit.pk}/no-show/").status_code == 302
    visit.refresh_from_db()
    assert visit.status == "no_show"
    bobs.post(f"/today/{visit.pk}/no-show/", {"undo": "1"})
    visit.refresh_from_db()
    assert visit.status == "confirmed"


def test_a_viewer_has_no_day(bobs: Browser, member: Member, visit: Appointment) -> None:
    Member.objects.filter(pk=member.pk).update(role="viewer")
    for path in ("/today/", "/visit-reports/"):
        assert bobs.get(path).status_code == 403
    assert send(bobs, visit).status_code == 403


def test_the_worker_is_a_script_for_its_own_address(bobs: Browser) -> None:
    answer = bobs.get("/today/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert b"skipWaiting" in answer.content
