"""The first page and its API: right figures, each for who may see it, in few statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from tenant_apps.dashboard import queries
from tenant_apps.dashboard.periods import Asked, days_of
from tenant_apps.team.models import Member
from tests.factories.clients import ClientFactory
from tests.factories.firm import entry, visit

URL = "/api/v1/dashboard/"
ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 8, 20, 10, tzinfo=ZONE)
TODAY = NOW.date()
pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def alices(alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


@pytest.fixture
def bobs(bob: User) -> Member:
    return Member.objects.get(user_id=bob.pk)


def look(reader: Member, now: datetime = NOW, **asked: object) -> queries.Dashboard:
    return queries.dashboard(Asked(**asked), now=now, zone=ZONE, sees_money=True)


def test_visits_of_the_day_are_those_of_the_local_day(inside: object, alices: Member, bobs: Member) -> None:
    client = ClientFactory()
    visit(client, alices, datetime(2026, 8, 20, 0, 30, tzinfo=ZONE), status="done")
    visit(client, bobs, datetime(2026, 8, 20, 23, tzinfo=ZONE))
    visit(client, bobs, datetime(2026, 8, 21, 0, 30, tzinfo=ZONE))  # in UTC still the 21st, here too
    assert look(alices).today == {"visits": 2, "done": 1}
    assert look(alices, member_id=bobs.pk).today == {"visits": 1, "done": 0}
    assert [one["starts_at"].astimezone(ZONE).hour for one in look(alices).upcoming] == [23, 0]


def test_months_are_those_of_the_organizations_time_zone(alices: Member) -> None:
    client = ClientFactory()
    visit(client, alices, datetime(2026, 7, 31, 23, tzinfo=ZONE), status="done")  # August in UTC
    assert [(month.first, month.visits) for month in look(alices).months][-2:] == [
        (date(2026, 7, 1), 1),
        (date(2026, 8, 1), 0),
    ]


def test_money_counts_what_came_in_what_is_open_and_what_is_late(alices: Member) -> None:
    ana = ClientFactory(name="Ana")
    entry("100.00", date(2026, 8, 10), paid="40.00", client=ana)
    entry("50.00", date(2026, 8, 30), client=ana)
    entry("70.10", date(2026, 7, 5), paid="70.10", client=ana)
    entry("30.00", date(2026, 8, 5), paid="30.00", kind="payable", party="Fuel")
    found = look(alices)
    money = found.money
    assert money["received"] == Decimal("40.00")
    assert money["before"] == Decimal("70.10")
    assert money["spent"] == Decimal("30.00")
    assert money["due"] == Decimal("110.00")
    assert (money["overdue"], money["overdue_count"], money["overdue_clients"]) == (Decimal("60.00"), 1, 1)
    assert [(one["name"], one["sum"]) for one in found.top_clients] == [("Ana", Decimal("40.00"))]
    assert look(alices, period="year").money["received"] == Decimal("110.10")
    assert look(alices, now=datetime(2026, 12, 5, 10, tzinfo=ZONE), period="year").money["received"] == Decimal(
        "110.10"
    )


def test_work_is_what_was_done_by_each(alices: Member, bobs: Member) -> None:
    client = ClientFactory()
    for hour in (8, 10):
        visit(client, bobs, datetime(2026, 8, 3, hour, tzinfo=ZONE), minutes=90, status="done")
    visit(client, alices, datetime(2026, 8, 3, 8, tzinfo=ZONE))
    assert [(one["label"], one["visits"], one["minutes"]) for one in look(alices).work] == [("Bob", 2, 180)]


def test_periods() -> None:
    assert days_of("last_month", date(2026, 3, 31)).last == date(2026, 2, 28)
    assert days_of("quarter", date(2026, 2, 1)).first == date(2025, 12, 1)
    assert days_of("year", TODAY).first == date(2026, 1, 1)


def test_the_api_says_it_in_at_most_eight_statements(owner: APIClient, alices: Member) -> None:
    client = ClientFactory(name="Ana")
    visit(client, alices, timezone.now() + timedelta(minutes=5))
    entry("10.00", current.today(), client=client)
    owner.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        answer = owner.get(URL, {"period": "month", "months": "12"})
    assert answer.status_code == 200, answer.content
    assert len(queries_made) <= 9, [query["sql"][:90] for query in queries_made]  # the first finds who is signed in
    body = answer.json()
    assert len(body["months"]) == 12
    assert body["money"]["due"] == "10.00"
    assert body["upcoming"][0]["client_name"] == "Ana"
    assert body["upcoming"][0]["professionals"] == ["Alice"]


@pytest.mark.parametrize("query", ["period=week", "months=7", "member=x", "membr=1", "member=%00"])
def test_what_is_no_question_is_refused_by_name(owner: APIClient, query: str) -> None:
    assert owner.get(f"{URL}?{query}").status_code == 400


def test_money_is_not_for_everybody(staff: APIClient, no_organization_sees: Callable[..., None]) -> None:
    entry("10.00", current.today())
    body = staff.get(URL).json()
    assert body["money"] is None
    assert body["top_clients"] == []
    assert all("received" not in month for month in body["months"])
    no_organization_sees("get", URL, there=200)


def test_the_page_leads_to_the_lists(
    pages: Callable[[User | None, Organization], Browser], acme: Organization, alice: User, bob: User, alices: Member
) -> None:
    assert "First steps" in pages(alice, acme).get("/").content.decode()
    visit(ClientFactory(name="Sílvia Ávila"), alices, timezone.now() + timedelta(minutes=5))
    entry("1234.50", current.today() - timedelta(days=3), client=ClientFactory())
    page = pages(alice, acme).get("/", {"period": "<b>", "member": "nobody", "months": "99"}).content.decode()
    assert "Sílvia Ávila" in page
    assert "1,234.50" in page
    his = pages(bob, acme).get("/").content.decode()
    assert "Sílvia Ávila" in his
    assert "1,234.50" not in his
    assert "First steps" not in his


def test_strangers_are_led_to_the_sign_in(
    pages: Callable[[User | None, Organization], Browser], acme: Organization
) -> None:
    assert pages(None, acme).get("/").status_code == 302
