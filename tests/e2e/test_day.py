"""A firm's day: a visit dragged in the calendar, and a professional with a phone, also where there is no signal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, no_barriers, sign_in
from tests.e2e.conftest import PHONE
from tests.e2e.server import Server

Come = Callable[..., Visitor]
ZONE = ZoneInfo("America/Sao_Paulo")
PLANT = """
import json, sys
from datetime import datetime, timedelta
from decimal import Decimal
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.scheduling import services as scheduling
from tenant_apps.team.models import Member
given = json.loads({given!r})
with context.enter(Organization.objects.get(slug=given["slug"]).schema_name):
    member = Member.objects.get(email=given["email"])
    offering = scheduling.create_offering(actor=None, name="Cleaning", price=Decimal(150),
        checklist=["Brush the walls"], readings=["ph", "free_chlorine"])
    for name, start in given["visits"]:
        client = clients.create_client(actor=None, name=name, phone="+5511987650001")
        place = clients.add_place(client, actor=None, street="Rua das Flores", number="12", city="Santos", state="SP",
            access_notes="Key at the porter's")
        pool = clients.add_asset(place, actor=None, name="Pool")
        starts_at = datetime.fromisoformat(start)
        scheduling.book_appointment(actor=None, client=client, place=place, starts_at=starts_at, overrule=True,
            ends_at=starts_at + timedelta(hours=1), member_ids=[member.pk],
            lines=[scheduling.LineGiven(offering.pk, asset_id=pool.pk)])
"""
COUNT = """
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.visits.models import Reading, VisitReport
with context.enter(Organization.objects.get(slug="{slug}").schema_name):
    print(VisitReport.objects.count(), Reading.objects.count(), VisitReport.objects.filter(checked_out_at=None).count())
"""


def plant(server: Server, slug: str, visits: list[tuple[str, datetime]]) -> None:
    """A firm whose owner goes to these clients."""
    server.onboard(slug, "--locale", "en")
    email = f"owner@{slug}.example"
    given: Any = {"slug": slug, "email": email, "visits": [(name, at.isoformat()) for name, at in visits]}
    server.manage("shell", "-c", PLANT.format(given=json.dumps(given)))


def counts(server: Server, slug: str) -> list[int]:
    """Reports, readings, and reports that are not finished."""
    told = server.manage("shell", "-c", COUNT.format(slug=slug))
    return [int(number) for number in told.strip().splitlines()[-1].split()]


def next_tuesday(hour: int) -> datetime:
    day = datetime.now(tz=ZONE).date() + timedelta(days=7)
    while day.weekday() != 1:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=ZONE)


@pytest.fixture
def phone(visitor: Come) -> Visitor:
    return visitor(viewport=PHONE, is_mobile=True, has_touch=True)


def test_a_visit_is_dragged_and_what_collides_stays(server: Server, page: Page) -> None:
    tuesday = next_tuesday(10)
    plant(server, "drags", [("Ana Prado", tuesday), ("Bia Lopes", tuesday + timedelta(hours=3))])
    sign_in(page, server, "drags", path=f"/calendar/?day={tuesday.date()}")
    ana, bia = page.locator(".fc-event", has_text="Ana Prado"), page.locator(".fc-event", has_text="Bia Lopes")
    expect(ana).to_be_visible()
    expect(bia).to_be_visible()
    no_barriers(page)
    bia.drag_to(ana, source_position={"x": 20, "y": 8}, target_position={"x": 20, "y": 8})
    dialog = page.locator("#collision")
    expect(dialog).to_contain_text("Ana Prado")
    no_barriers(page)
    dialog.get_by_role("button", name="Close").click()
    before = bia.bounding_box()
    box = ana.bounding_box()
    assert before is not None
    assert box is not None
    assert before["y"] > box["y"] + box["height"]
    hour = box["height"]
    page.mouse.move(before["x"] + 20, before["y"] + 8)
    page.mouse.down()
    page.mouse.move(before["x"] + 20, before["y"] + 8 - hour / 2, steps=5)
    page.mouse.move(before["x"] + 20, before["y"] + 8 - hour, steps=5)
    page.mouse.up()
    expect(page.locator("#toasts")).to_contain_text("Moved.")
    near_noon = re.compile("11:45|12:00|12:15")  # it snaps to quarters of an hour
    expect(bia).to_contain_text(near_noon)
    page.reload()
    expect(page.locator(".fc-event", has_text="Bia Lopes")).to_contain_text(near_noon)


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_of_two_visits_at_the_same_time_the_second_takes_a_free_one(
    server: Server, visitor: Come, *, is_phone: bool
) -> None:
    slug = "booksphone" if is_phone else "books"
    tuesday = next_tuesday(10)
    plant(server, slug, [("Ana Prado", tuesday + timedelta(days=8)), ("Bia Lopes", tuesday + timedelta(days=9))])
    page = (visitor(viewport=PHONE, is_mobile=True, has_touch=True) if is_phone else visitor()).page
    sign_in(page, server, slug, path="/appointments/new/")
    book(page, "Ana Prado", tuesday)
    expect(page.locator("#toasts")).to_contain_text("The visit to Ana Prado is booked.")
    page.goto(f"{server.host(slug)}/appointments/new/")
    book(page, "Bia Lopes", tuesday + timedelta(minutes=30))
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("is with Ana Prado on")
    expect(refusal).to_contain_text("from 10:00 to 11:00")
    no_barriers(page)
    offered = refusal.locator("button[name=alternative]")
    expect(offered).to_have_count(3)
    taken = re.search(r"\d{1,2}:\d\d( [ap]\.?m\.?)?", offered.last.inner_text())
    assert taken is not None
    offered.last.click()
    expect(page.locator("#toasts")).to_contain_text("The visit to Bia Lopes is booked.")
    expect(page.get_by_role("main")).to_contain_text(taken.group())
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(taken.group())
    no_barriers(page)


def book(page: Page, client: str, at: datetime) -> None:
    """From the choice of a client to a form that was sent."""
    page.get_by_role("link", name=re.compile(client)).click()
    page.get_by_label("Day", exact=True).fill(at.date().isoformat())
    page.get_by_label("Start", exact=True).fill(f"{at:%H:%M}")
    page.locator("input[name=member_ids]").check()
    page.get_by_role("button", name="Book visit").click()


def test_a_professionals_day_without_signal(server: Server, phone: Visitor) -> None:
    now = datetime.now(tz=ZONE)
    start = now.replace(hour=0, minute=30, second=0, microsecond=0)
    plant(server, "fields", [("Ana Prado", start), ("Bia Lopes", start + timedelta(hours=2))])
    page = phone.page
    sign_in(page, server, "fields", path="/today/")
    first = page.locator(".visit", has_text="Ana Prado")
    expect(first.get_by_role("link", name="Go there")).to_have_attribute("href", re.compile("google.com/maps"))
    no_barriers(page)
    page.wait_for_function("async () => Boolean(await caches.match('/today/'))")
    phone.context.set_offline(True)
    page.reload()  # the page that is kept
    expect(first).to_be_visible()
    expect(page.get_by_text("No signal. What you enter is kept.")).to_be_visible()
    first.get_by_role("button", name="Check in").click()
    first.get_by_label(re.compile("^pH")).fill("7.9")
    expect(first.locator(".readings-grid")).to_contain_text("high")
    first.get_by_label("Brush the walls").check()
    first.get_by_role("button", name="Add a product").click()
    first.get_by_label("Product", exact=True).fill("Chlorine")
    first.get_by_label("Amount").fill("200")
    sign(page, first.locator("[data-pad]"))
    first.get_by_label("Name of who signs").fill("Ana")
    first.get_by_role("button", name="Finish visit").click()
    expect(first.locator("[data-sync]")).to_have_text("Waits for signal")
    assert counts(server, "fields") == [0, 0, 0]
    page.reload()  # the phone was put away: what was entered is still there
    first.locator("summary").click()
    expect(first.get_by_label(re.compile("^pH"))).to_have_value("7.9")
    expect(first.get_by_label("Product", exact=True)).to_have_value("Chlorine")
    phone.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(first.locator("[data-sync]")).to_have_text("Sent")
    expect(first.locator("[data-status]")).to_have_text("Done")
    assert counts(server, "fields") == [1, 1, 0]
    page.reload()
    page.evaluate("dispatchEvent(new Event('online'))")  # nothing is left to be sent
    expect(first.locator("[data-status]")).to_have_text("Done")
    assert counts(server, "fields") == [1, 1, 0]


def test_who_signs_out_leaves_nothing_on_the_phone(server: Server, phone: Visitor) -> None:
    now = datetime.now(tz=UTC)
    plant(server, "leaves", [("Ana Prado", now)])
    page = phone.page
    sign_in(page, server, "leaves", path="/today/")
    page.wait_for_function("async () => Boolean(await caches.match('/today/'))")
    card = page.locator(".visit").first
    card.locator("summary").click()
    card.get_by_label("Notes").fill("Not sent")
    expect(card.locator("[data-sync]")).to_have_text("Kept on this phone")
    page.get_by_role("button", name="More").click()
    page.locator("#menu").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("signed-out"))
    page.goto(f"{server.host('leaves')}/sign-in/?next=/nowhere/")
    sign_in(page, server, "leaves", path="/today/")
    kept = "async () => (await indexedDB.databases()).map((one) => one.name)"
    expect(page.locator(".visit").first.get_by_label("Notes")).to_have_value("")
    assert page.evaluate(kept) in ([], ["field"])


def sign(page: Page, pad: Any) -> None:
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
