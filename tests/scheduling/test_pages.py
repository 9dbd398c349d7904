"""The calendar's pages: book, collide, take a free time; agree on a contract, pause it; say who works when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Appointment, Contract, ContractVariation, DayOff, Offering, WorkingHours
from tests.scheduling.conftest import Firm, monday

pytestmark = pytest.mark.django_db
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture(autouse=True)
def _inside(inside: None) -> None:
    services.change_policy(actor=None, works_on_holidays=True)


@pytest.fixture
def browser(pages: Pages, acme: Organization, alice: User) -> Browser:
    return pages(alice, acme)


@pytest.fixture
def staff_browser(pages: Pages, acme: Organization, bob: User) -> Browser:
    return pages(bob, acme)


def lines(*rows: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0}
    return given | {f"lines-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def a_visit(firm: Firm, at: str = "09:00", **more: Any) -> dict[str, Any]:
    day = local.day_of(monday()).isoformat()
    given = {"client": firm.client.pk, "day": day, "starts_at": at, "minutes": 60, "member_ids": [firm.alice.pk]}
    return {**given, "place": firm.place.pk, **lines({"offering": firm.offering.pk, "quantity": 1}), **more}


def test_from_a_search_to_a_booked_visit(browser: Browser, firm: Firm) -> None:
    found = browser.get("/appointments/new/", {"search": "ana"}, HTTP_HX_REQUEST="true").content.decode()
    assert f"/appointments/new/?client={firm.client.pk}" in found
    assert "Ana Souza" not in browser.get("/appointments/new/", {"search": "zz"}).content.decode()
    form = browser.get("/appointments/new/", {"client": firm.client.pk, "day": "2030-01-07", "time": "10:30"})
    assert 'value="2030-01-07"' in form.content.decode()
    answer = browser.post("/appointments/new/", a_visit(firm, window=30, status="confirmed", notes="Ring twice"))
    made = Appointment.objects.get()
    assert answer["Location"] == f"/appointments/{made.pk}/"
    assert (made.price, made.status, made.starts_at) == (Decimal(120), "confirmed", monday())
    assert made.arrival_until == monday("09:30")
    page = browser.get(f"/appointments/{made.pk}/").content.decode()
    assert "Ana Souza" in page
    assert "Ring twice" in page
    assert "Booked" in browser.get(f"/appointments/{made.pk}/history/").content.decode()
    assert "Ana Souza" in browser.get("/appointments/").content.decode()
    assert "Alice" in browser.get(f"/appointments/of/{firm.client.pk}/").content.decode()


def test_a_collision_offers_times_and_one_press_takes_one(browser: Browser, firm: Firm) -> None:
    firm.book("09:00", firm.alice)
    refused = browser.post("/appointments/new/", a_visit(firm, "09:30"))
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Alice is with Ana Souza" in text
    alternative = text.split('name="alternative" value="')[1].split('"')[0]
    taken = browser.post("/appointments/new/", a_visit(firm, "09:30", alternative=alternative))
    assert taken.status_code == 302
    assert Appointment.objects.count() == 2
    day = local.day_of(monday())
    services.add_day_off(actor=None, member=firm.alice, starts_on=day, ends_on=day)
    closed = browser.post("/appointments/new/", a_visit(firm, "15:00"))
    assert 'name="overrule"' in closed.content.decode()
    assert browser.post("/appointments/new/", a_visit(firm, "15:00", overrule=1)).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "x"}, {"day": ""}, {"day": "9999-12-31"}, {"starts_at": "25:00"}, {"minutes": "-1"},
        {"minutes": "9" * 30},
        {"price": "-1"}, {"price": "NaN"}, {"window": 90}, {"member_ids": ["x"]}, {"member_ids": [str(uuid7())]},
        {"place": str(uuid7())}, {"notes": "x" * 6000}, lines({"offering": str(uuid7()), "quantity": 1}),
        lines({"offering": "", "quantity": "x"}), {"status": "done"}, {"lines-TOTAL_FORMS": "99999999"},
        {"lines-TOTAL_FORMS": ""}, {"notes": "a\x00b"},
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back_with_the_form(browser: Browser, firm: Firm, wrong: dict[str, Any]) -> None:
    answer = browser.post("/appointments/new/", {**a_visit(firm), **wrong})
    assert answer.status_code == 422, answer.content[:300]
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["client=x", "starts_at=9999-99-99", "starts_at=0001-01-01T00:00:00Z", "day=x&time=99:99", "member=x&ends_at=2"],
)
def test_an_odd_address_is_only_an_empty_form(browser: Browser, firm: Firm, query: str) -> None:
    assert browser.get(f"/appointments/new/?{query}").status_code == 200
    assert browser.get(f"/appointments/new/?client={firm.client.pk}&{query}").status_code == 200
    assert browser.get(f"/appointments/?{query}&page=x&show=odd").status_code == 200


def test_changing_moves_it_and_a_stale_page_does_not(browser: Browser, firm: Firm) -> None:
    made = firm.book("09:00", firm.alice)
    assert browser.get(f"/appointments/{made.pk}/edit/").status_code == 200
    sent = {**a_visit(firm, "11:00"), "version": 1}
    assert browser.post(f"/appointments/{made.pk}/edit/", sent).status_code == 302
    made.refresh_from_db()
    assert (made.starts_at, made.version) == (monday("11:00"), 2)
    assert browser.post(f"/appointments/{made.pk}/edit/", {**sent, "starts_at": "12:00"}).status_code == 412


def test_the_buttons_of_a_visit(browser: Browser, staff_browser: Browser, firm: Firm) -> None:
    mine, other = firm.book("09:00", firm.bob), firm.book("09:00", firm.alice)
    for press, status in [("confirmation", "confirmed"), ("start", "under_way"), ("completion", "done"),
                          ("reopening", "confirmed")]:  # fmt: skip
        assert browser.post(f"/appointments/{other.pk}/{press}/").status_code == 302
        other.refresh_from_db()
        assert other.status == status
    browser.post(f"/appointments/{other.pk}/cancellation/", {"reason": "rain"})
    assert "rain" in browser.get(f"/appointments/{other.pk}/").content.decode()
    browser.post(f"/appointments/{other.pk}/restoration/")
    page = staff_browser.get(f"/appointments/{other.pk}/").content.decode()
    assert "/completion/" not in page
    assert "/edit/" not in page
    assert staff_browser.post(f"/appointments/{other.pk}/completion/").status_code == 403
    assert "/completion/" in staff_browser.get(f"/appointments/{mine.pk}/").content.decode()
    assert staff_browser.post(f"/appointments/{mine.pk}/completion/").status_code == 302
    assert staff_browser.get("/appointments/new/").status_code == 403


def a_contract(firm: Firm, **more: Any) -> dict[str, Any]:
    given = {"client": firm.client.pk, "rhythm": "weekly", "every": 1, "weekdays": ["0", "3"], "time": "09:00"}
    given |= {"starts_on": local.day_of(monday()).isoformat(), "minutes": 60, "member_ids": [firm.alice.pk]}
    given |= {"billing": "none", "place": firm.place.pk}
    return {**given, **lines({"offering": firm.offering.pk, "quantity": 1}), **more}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "FREQ=WEEKLY;BYDAY=MO,TH"),
        ({"every": 2, "weekdays": ["1"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ({"rhythm": "daily", "every": 3, "month_day": 99}, "FREQ=DAILY;INTERVAL=3"),
        ({"rhythm": "monthly_day", "month_day": 15}, "FREQ=MONTHLY;BYMONTHDAY=15"),
        ({"rhythm": "monthly_day", "month_day": 31}, "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ({"rhythm": "monthly_weekday", "nth": "-1", "nth_weekday": "4"}, "FREQ=MONTHLY;BYDAY=-1FR"),
        ({"rhythm": "custom", "rrule": "FREQ=WEEKLY;BYMONTH=1,2"}, "FREQ=WEEKLY;BYMONTH=1,2"),
    ],
)
def test_a_contract_as_people_say_it(browser: Browser, firm: Firm, fields: dict[str, Any], rule: str) -> None:
    answer = browser.post("/contracts/new/", a_contract(firm, **fields))
    contract = Contract.objects.get()
    assert answer["Location"] == f"/contracts/{contract.pk}/"
    assert contract.rrule == rule
    for page in (f"/contracts/{contract.pk}/", "/contracts/", f"/contracts/of/{firm.client.pk}/"):
        assert "Cleaning" in browser.get(page).content.decode()
    edit = browser.get(f"/contracts/{contract.pk}/edit/").content.decode()
    assert f'value="{fields.get("rhythm", "weekly")}"' in edit
    same = browser.post(f"/contracts/{contract.pk}/edit/", a_contract(firm, **fields, version=1))
    assert same.status_code == 302
    contract.refresh_from_db()
    assert contract.rrule == rule


def test_a_contract_is_paused_taken_up_and_split(browser: Browser, firm: Firm) -> None:
    browser.post("/contracts/new/", a_contract(firm, weekdays=["0"]))
    contract = Contract.objects.get()
    third = local.day_of(monday(weeks=3)).isoformat()
    address = f"/contracts/{contract.pk}"
    wrong = browser.post(f"{address}/variations/", {"kind": "pause", "starts_on": third, "ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert browser.post(f"{address}/variations/", {"kind": "pause", "starts_on": third}).status_code == 302
    assert contract.appointments.count() == 2
    assert browser.post(f"{address}/resumption/", {"on": ""}).status_code == 422
    assert browser.post(f"{address}/resumption/", {"on": local.day_of(timezone.now()).isoformat()}).status_code == 302
    assert contract.appointments.count() > 5
    season = {"kind": "season", "starts_on": third, "ends_on": third, "is_yearly": "on", "rhythm": "weekly",
              "weekdays": ["1"], "every": 1}  # fmt: skip
    assert browser.post(f"{address}/variations/", season).status_code == 302
    made = ContractVariation.objects.get()
    assert "Every week on Tuesday" in browser.get(f"{address}/").content.decode()
    assert browser.post(f"{address}/variations/{made.pk}/removal/").status_code == 302
    split = browser.post(f"{address}/edit/", a_contract(firm, weekdays=["2"], from_day=third, version=""))
    assert split.status_code == 302
    assert Contract.objects.count() == 2
    assert "Goes on as another contract" in browser.get(f"{address}/history/").content.decode()
    firm.book("15:00", firm.alice, weeks=4)
    collides = browser.post("/contracts/new/", a_contract(firm, weekdays=["0"], time="15:30"))
    assert collides.status_code == 409
    assert "without a professional" in collides.content.decode()
    last = Contract.objects.order_by("pk").last()
    assert last is not None
    assert browser.post(f"/contracts/{last.pk}/removal/").status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"rhythm": "custom", "rrule": "FREQ=SECONDLY"}, {"rhythm": "custom", "rrule": ""}, {"rhythm": "odd"},
        {"every": 0}, {"every": "9" * 30}, {"rhythm": "monthly_day", "month_day": 32}, {"weekdays": ["9"]},
        {"starts_on": "9999-12-31"}, {"ends_on": "2020-01-01"}, {"time": "x"}, {"window": 90}, {"billing_day": 40},
        {"price": "-1"}, {"member_ids": [str(uuid7())]},
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_comes_back(browser: Browser, firm: Firm, wrong: dict[str, Any]) -> None:
    assert browser.post("/contracts/new/", a_contract(firm, **wrong)).status_code == 422
    assert not Contract.objects.exists()


def test_offerings(browser: Browser, staff_browser: Browser, firm: Firm) -> None:
    sent = {"name": "Filter", "minutes": 30, "price": "80", "colour": "#112233", "checklist": "Open\nClose\n",
            "readings": ["ph", "free_chlorine"], "is_active": "on"}  # fmt: skip
    assert browser.post("/offerings/new/", sent).status_code == 302
    made = Offering.objects.get(name="Filter")
    assert (made.checklist, made.readings, made.duration_minutes) == (["Open", "Close"], ["ph", "free_chlorine"], 30)
    assert browser.post(f"/offerings/{made.pk}/", {**sent, "name": ""}).status_code == 422
    assert browser.post(f"/offerings/{made.pk}/", {**sent, "colour": "red"}).status_code == 422
    assert browser.post(f"/offerings/{made.pk}/", {**sent, "price": "90"}).status_code == 302
    assert "Filter" in staff_browser.get("/offerings/").content.decode()
    assert staff_browser.get("/offerings/new/").status_code == 403
    assert browser.post(f"/offerings/{made.pk}/removal/").status_code == 302


def test_who_works_when(browser: Browser, staff_browser: Browser, firm: Firm) -> None:
    address = f"/availability/{firm.alice.pk}/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"starts_0_0": "08:00"}).status_code == 422
    assert browser.post(address, {"starts_0_0": "12:00", "ends_0_0": "08:00"}).status_code == 422
    hours = {"starts_0_0": "08:00", "ends_0_0": "12:00", "starts_0_1": "13:00", "ends_0_1": "17:00"}
    assert browser.post(address, hours).status_code == 302
    assert WorkingHours.objects.count() == 2
    day = (local.day_of(timezone.now()) + timedelta(days=1)).isoformat()
    assert browser.post("/availability/days-off/", {"starts_on": day, "member": firm.bob.pk}).status_code == 302
    assert browser.post("/availability/days-off/", {"starts_on": day, "ends_on": "2020-01-01"}).status_code == 422
    assert browser.post("/availability/days-off/", {"starts_on": day, "member": str(uuid7())}).status_code == 422
    policy = {"country": "BR", "state": "SP", "weeks_ahead": 6}
    assert browser.post("/availability/policy/", policy).status_code == 302
    assert browser.post("/availability/policy/", {**policy, "state": "ZZ"}).status_code == 422
    page = staff_browser.get("/availability/").content.decode()
    assert "Monday: 08:00" in page or "Monday: 8:00" in page
    assert "Add day off" not in page
    assert browser.post(f"/availability/days-off/{DayOff.objects.get().pk}/removal/").status_code == 302


def test_carol_finds_nothing(pages: Pages, globex: Organization, carol: User, firm: Firm) -> None:
    made, theirs = firm.book("09:00", firm.alice), pages(carol, globex)
    for page in (f"/appointments/{made.pk}/", f"/offerings/{firm.offering.pk}/", f"/appointments/of/{firm.client.pk}/"):
        assert theirs.get(page).status_code == 404
