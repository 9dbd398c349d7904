"""The API of the calendar: what it answers, what it refuses, and who may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.core.ids import uuid7
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Appointment, Booking, Contract
from tests.scheduling.conftest import HOUR, Firm, monday

pytestmark = pytest.mark.django_db
URL = "/api/v1/appointments/"


@pytest.fixture(autouse=True)
def _inside(inside: None) -> None:
    services.change_policy(actor=None, works_on_holidays=True)


def body(firm: Firm, at: str = "09:00", **more: Any) -> dict[str, Any]:
    start = monday(at)
    times = {"starts_at": start.isoformat(), "ends_at": (start + HOUR).isoformat()}
    return {"client": str(firm.client.pk), **times, "member_ids": [str(firm.alice.pk)], **more}


def test_book_read_change_cancel_and_restore(owner: APIClient, firm: Firm) -> None:
    lines = [{"offering": str(firm.offering.pk), "asset": str(firm.pool.pk), "quantity": "2"}]
    made = owner.post(URL, body(firm, lines=lines, place=str(firm.place.pk)), HTTP_IDEMPOTENCY_KEY="once")
    assert made.status_code == 201, made.json()
    again = owner.post(URL, body(firm, lines=lines, place=str(firm.place.pk)), HTTP_IDEMPOTENCY_KEY="once")
    assert again.json() == made.json()
    it, address = made.json(), made["Location"]
    assert (it["price"], it["status"], it["client_name"], it["member_ids"]) == (
        "240.00", "pending", "Ana Souza", [str(firm.alice.pk)],
    )  # fmt: skip
    assert it["lines"][0] | {"asset_name": "Pool", "offering_name": "Cleaning"} == it["lines"][0]
    assert owner.get(address, HTTP_IF_NONE_MATCH=made["ETag"]).status_code == 304
    assert owner.patch(address, {"notes": "x"}).status_code == 428
    changed = owner.patch(address, {"notes": "x", "lines": []}, HTTP_IF_MATCH='"v1"')
    assert (changed.json()["notes"], changed.json()["lines"], changed["ETag"]) == ("x", [], '"v2"')
    assert owner.patch(address, {"notes": "y"}, HTTP_IF_MATCH='"v1"').status_code == 412
    assert owner.patch(address, {"client": str(firm.client.pk), "status": "done"}, HTTP_IF_MATCH="*").status_code == 200
    assert Appointment.objects.get().status == "pending"
    cancelled = owner.post(f"{address}cancellation/", {"reason": "rain"})
    assert cancelled.json()["cancellation"]["reason"] == "rain"
    assert owner.get(URL).json()["count"] == 0
    assert owner.get(URL, {"cancelled": "true"}).json()["count"] == 1
    assert owner.delete(f"{address}cancellation/").status_code == 204


def test_a_collision_is_a_problem_with_what_is_in_the_way_and_when_else(owner: APIClient, firm: Firm) -> None:
    owner.post(URL, body(firm))
    refused = owner.post(URL, body(firm, "09:30"))
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "double_booked")
    assert problem["errors"][0]["field"] == "starts_at"
    assert problem["collisions"][0]["client"] == "Ana Souza"
    assert len(problem["alternatives"]) == 3
    wanted = {name: problem["alternatives"][0][name] for name in ("starts_at", "ends_at")}
    assert owner.post(URL, {**body(firm), **wanted}).status_code == 201
    services.add_day_off(
        actor=None, member=None, starts_on=local.day_of(monday()), ends_on=local.day_of(monday()), reason="Fair"
    )
    closed = owner.post(URL, body(firm, "15:00"))
    assert (closed.status_code, closed.json()["code"]) == (409, "not_working")
    assert owner.post(URL, body(firm, "15:00", overrule=True)).status_code == 201


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"starts_at": "yesterday"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"ends_at": "9000-12-31T23:59:59Z"}, "ends_at"),
        ({"price": "-1"}, "price"),
        ({"price": "1e99"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"member_ids": ["x"]}, "member_ids.0"),
        ({"member_ids": [str(uuid7())]}, "member_ids"),
        ({"lines": [{"offering": str(uuid7())}]}, "lines.0.offering"),
        ({"lines": [{"offering": str(uuid7()), "quantity": "99999999"}]}, "lines.0.quantity"),
        ({"lines": "x"}, "lines"),
        ({"place": str(uuid7())}, "place"),
        ({"notes": "a\x00b"}, "notes"),
        ({"status": "done"}, "status"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_named_and_never_a_crash(owner: APIClient, firm: Firm, more: dict[str, Any], field: str) -> None:
    refused = owner.post(URL, {**body(firm), **more})
    assert refused.status_code == 422, refused.json()
    assert any(one["field"].startswith(field) for one in refused.json()["errors"]), refused.json()["errors"]
    assert not Appointment.objects.exists()


def test_a_client_that_is_nobodys_is_not_there(owner: APIClient, firm: Firm) -> None:
    assert owner.post(URL, {**body(firm), "client": str(uuid7())}).status_code == 404


def test_the_list_is_filtered_and_a_wrong_filter_is_named(owner: APIClient, firm: Firm) -> None:
    first, second = firm.book("09:00", firm.alice), firm.book("11:00", weeks=2)
    day = local.day_of(first.starts_at).isoformat()
    for query, wanted in [
        ({}, [first, second]),
        ({"from": day, "until": day}, [first]),
        ({"member": str(firm.alice.pk)}, [first]),
        ({"member": "none"}, [second]),
        ({"member": str(firm.bob.pk)}, []),
        ({"client": str(firm.client.pk), "ordering": "-starts_at"}, [second, first]),
        ({"status": "done"}, []),
        ({"client": str(uuid7())}, []),
    ]:
        found = owner.get(URL, query).json()["results"]
        assert [row["id"] for row in found] == [str(one.pk) for one in wanted], query
    for query in ({"member": "x"}, {"status": "odd"}, {"from": "99999999-01-01"}, {"page": "0"}, {"odd": "1"}):
        assert owner.get(URL, query).status_code in {400, 404}, query


def test_staff_report_their_own_day_and_change_nothing_else(owner: APIClient, staff: APIClient, firm: Firm) -> None:
    own, other = firm.book("09:00", firm.bob), firm.book("09:00", firm.alice)
    assert staff.get(URL).json()["count"] == 2
    assert staff.post(URL, body(firm)).status_code == 403
    assert staff.patch(f"{URL}{own.pk}/", {"notes": "x"}, HTTP_IF_MATCH="*").status_code == 403
    assert staff.post(f"{URL}{own.pk}/cancellation/").status_code == 403
    assert staff.post(f"{URL}{other.pk}/start/").json()["code"] == "not_yours"
    assert staff.post(f"{URL}{own.pk}/start/").json()["status"] == "under_way"
    assert staff.post(f"{URL}{own.pk}/completion/").json()["status"] == "done"
    assert staff.post(f"{URL}{own.pk}/completion/").json()["version"] == 3
    assert staff.post(f"{URL}{other.pk}/no-show/").status_code == 403
    assert owner.post(f"{URL}{other.pk}/no-show/").json()["code"] == "too_early"
    assert owner.delete(f"{URL}{own.pk}/completion/").status_code == 204
    assert owner.delete(f"{URL}{own.pk}/completion/").json()["code"] == "not_started"


def test_carol_sees_nothing_of_it(outsider: APIClient, firm: Firm) -> None:
    made = firm.book("09:00", firm.alice)
    assert outsider.get(URL).json()["count"] == 0
    assert outsider.get(f"{URL}{made.pk}/").status_code == 404
    assert outsider.post(URL, body(firm)).status_code == 404


def test_offerings(owner: APIClient, staff: APIClient, firm: Firm) -> None:
    url = "/api/v1/offerings/"
    made = owner.post(url, {"name": " Filter  change ", "price": "80", "checklist": ["Open", "", "Open"]})
    assert made.json() | {"name": "Filter change", "price": "80.00", "checklist": ["Open"]} == made.json()
    for wrong in (
        {"name": ""},
        {"colour": "red"},
        {"duration_minutes": 0},
        {"price": "-1"},
        {"readings": ["ß!"]},
        {"readings": ["moonlight"]},
    ):
        assert owner.post(url, {"name": "X", **wrong}).status_code == 422, wrong
    address = made["Location"]
    assert staff.patch(address, {"name": "X"}, HTTP_IF_MATCH="*").status_code == 403
    assert owner.patch(address, {"is_active": False}, HTTP_IF_MATCH='"v1"').status_code == 200
    assert [row["name"] for row in staff.get(url).json()["results"]] == ["Cleaning"]
    assert owner.delete(address).status_code == 204
    firm.book(lines=[services.LineGiven(firm.offering.pk)])
    assert owner.delete(f"{url}{firm.offering.pk}/").json()["code"] == "offering_in_use"


def a_contract(firm: Firm, **more: Any) -> dict[str, Any]:
    start = local.day_of(monday()).isoformat()
    rule = {"rrule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": start, "time": "09:00"}
    who = {"client": str(firm.client.pk), "member_ids": [str(firm.alice.pk)]}
    return {**who, **rule, "lines": [{"offering": str(firm.offering.pk)}], **more}


def test_contracts_and_what_becomes_of_their_visits(owner: APIClient, firm: Firm) -> None:
    url = "/api/v1/contracts/"
    made = owner.post(url, a_contract(firm, billing="visit"))
    assert made.status_code == 201, made.json()
    it, address = made.json(), made["Location"]
    assert (it["sentence"], it["title"], it["billing"]) == ("Every week on Monday", "Cleaning", "visit")
    visits = owner.get(URL, {"contract": it["id"]}).json()["results"]
    assert len(visits) > 5
    visit = f"{URL}{visits[1]['id']}/"
    moved = {
        "starts_at": (monday("14:00", weeks=2) + timedelta(days=1)).isoformat(),
        "ends_at": (monday("15:30", weeks=2) + timedelta(days=1)).isoformat(),
    }
    changed = owner.patch(visit, {**moved, "scope": "following"}, HTTP_IF_MATCH="*")
    assert changed.status_code == 200, changed.json()
    assert datetime.fromisoformat(changed.json()["starts_at"]) == datetime.fromisoformat(moved["starts_at"])
    new = owner.get(f"{url}{changed.json()['contract']}/").json()
    assert (new["sentence"], new["time"], new["duration_minutes"], new["continues"]) == (
        "Every week on Tuesday", "14:00:00", 90, it["id"],
    )  # fmt: skip
    assert owner.get(URL, {"contract": it["id"]}).json()["count"] == 1
    everywhere = owner.patch(changed["Location"] if "Location" in changed else f"{URL}{changed.json()['id']}/",
                             {"notes": "Ladder", "scope": "all"}, HTTP_IF_MATCH="*")  # fmt: skip
    assert everywhere.status_code == 200
    assert {row["notes"] for row in owner.get(URL, {"contract": new["id"]}).json()["results"]} == {"Ladder"}
    pause = owner.post(f"{url}{new['id']}/variations/", {"starts_on": local.day_of(monday(weeks=3)).isoformat()})
    assert pause.status_code == 201
    assert owner.get(URL, {"contract": new["id"]}).json()["count"] == 1
    assert owner.post(f"{url}{new['id']}/resumption/", {"on": new["starts_on"]}).status_code == 200
    assert owner.get(URL, {"contract": new["id"]}).json()["count"] > 4
    assert owner.patch(address, {"ends_on": "2020-01-01"}, HTTP_IF_MATCH="*").status_code == 422
    assert owner.delete(f"{url}{new['id']}/").status_code == 204


@pytest.mark.parametrize(
    "more",
    [
        {"rrule": "FREQ=SECONDLY"},
        {"rrule": "FREQ=DAILY;COUNT=99999999999"},
        {"rrule": "x" * 400},
        {"starts_on": "9999-12-31"},
        {"starts_on": "2026-02-30"},
        {"time": "25:00"},
        {"duration_minutes": 10**12},
        {"billing_day": 0},
        {"price": "Infinity"},
        {"member_ids": [str(uuid7())]},
    ],
)
def test_a_contract_that_cannot_be_is_refused(owner: APIClient, firm: Firm, more: dict[str, Any]) -> None:
    refused = owner.post("/api/v1/contracts/", a_contract(firm, **more))
    assert refused.status_code == 422, refused.content
    assert refused.json()["errors"][0]["field"].split(".")[0] == next(iter(more))
    assert not Contract.objects.exists()


def test_a_series_that_collides(owner: APIClient, firm: Firm) -> None:
    firm.book("09:30", firm.alice, weeks=3)
    refused = owner.post("/api/v1/contracts/", a_contract(firm))
    assert (refused.status_code, refused.json()["code"]) == (409, "series_collides")
    assert len(refused.json()["collisions"]) == 1
    assert owner.post("/api/v1/contracts/", a_contract(firm, overrule=True)).status_code == 201


def test_hours_days_off_policy_and_free_times(owner: APIClient, staff: APIClient, firm: Firm) -> None:
    url = f"/api/v1/working-hours/{firm.alice.pk}/"
    hours = {"hours": [{"weekday": 0, "starts": "08:00", "ends": "10:00"}]}
    assert staff.put(url, hours).status_code == 403
    assert owner.put(url, hours).json()["hours"] == [{"weekday": 0, "starts": "08:00:00", "ends": "10:00:00"}]
    assert owner.put(url, {"hours": [{"weekday": 0, "starts": "10:00", "ends": "08:00"}]}).status_code == 422
    assert [row["name"] for row in staff.get("/api/v1/working-hours/").json()] == ["Alice", "Bob"]
    day = local.day_of(monday()).isoformat()
    slots = staff.get("/api/v1/free-slots/", {"member": str(firm.alice.pk), "from": day, "days": 1, "duration": 90})
    assert [slot["starts_at"][11:16] for slot in slots.json()["results"]] == ["08:00", "08:30"]
    for query in ({}, {"member": "x"}, {"member": str(firm.alice.pk), "days": "999"}, {"member": str(firm.alice.pk),
                  "from": "9998-01-01"}):  # fmt: skip
        assert staff.get("/api/v1/free-slots/", query).status_code == 400, query
    off = owner.post("/api/v1/days-off/", {"member": str(firm.bob.pk), "starts_on": day, "ends_on": day})
    assert off.status_code == 201
    assert staff.get("/api/v1/days-off/").json()["count"] == 1
    assert owner.delete(f"/api/v1/days-off/{off.json()['id']}/").status_code == 204
    assert owner.post("/api/v1/days-off/", {"starts_on": day, "ends_on": "2020-01-01"}).status_code == 422
    assert (
        owner.post("/api/v1/days-off/", {"member": str(uuid7()), "starts_on": day, "ends_on": day}).status_code == 422
    )
    assert owner.patch("/api/v1/schedule-policy/", {"state": "SP", "weeks_ahead": 4}).json()["state"] == "SP"
    assert owner.patch("/api/v1/schedule-policy/", {"state": "ZZ"}).status_code == 422
    assert staff.patch("/api/v1/schedule-policy/", {"state": "SP"}).status_code == 403


def test_a_client_with_visits_to_come_is_not_put_away_and_a_merge_moves_them(
    owner: APIClient, firm: Firm, acme: Organization
) -> None:
    made = firm.book("09:00", firm.alice)
    refused = owner.post(f"/api/v1/clients/{firm.client.pk}/archival/", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "client_has_visits")
    other = clients.create_client(actor=None, name="Ana S.")
    contract = services.create_contract(
        actor=None, client=firm.client, rrule="FREQ=WEEKLY", starts_on=local.day_of(monday()), time=monday().time()
    )
    clients.merge_clients(other, Client.objects.get(pk=firm.client.pk), actor=None)
    for thing in (made, contract):
        thing.refresh_from_db()
        assert thing.client_id == other.pk
    with context.enter(acme.schema_name):
        services.remove_contract(contract, actor=None)
        services.cancel_appointment(made, actor=None)
        clients.archive_client(other, actor=None)
        assert not Booking.objects.filter(stands=True, starts_at__gt=timezone.now()).exists()
