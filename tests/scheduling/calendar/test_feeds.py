"""iCal: the private feed and the file of one appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from icalendar import Calendar

from shared_apps.tenancy import routing
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import services
from tenant_apps.scheduling.models import Appointment, CalendarFeed, Offering
from tenant_apps.team.models import Member
from tests.scheduling.calendar.conftest import Pages
from tests.visits.conftest import book

pytestmark = pytest.mark.usefixtures("inside", "empty_cache")


@pytest.fixture
def booked(pool: Asset, offering: Offering, member: Member, tuesday: datetime) -> Appointment:
    return book(pool, offering, member, start=tuesday, minutes=60)


def made(browser: Browser) -> str:
    """A new address, as the page shows it once; its path."""
    address = browser.post("/calendar/feed/").context["address"]
    return "/" + str(address).split("/", 3)[3]


def read(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return Calendar.from_ical(answer.content.decode()).walk("VEVENT")


def test_the_feed_has_ones_own_visits(
    bobs: Browser, pages: Pages, acme: Any, booked: Appointment, boss: Member, pool: Asset, offering: Offering
) -> None:
    book(pool, offering, boss, start=booked.starts_at, minutes=30)
    address = made(bobs)
    assert address not in bobs.get("/calendar/feed/").content.decode()
    assert address.rpartition("/")[2].removesuffix(".ics") not in CalendarFeed.objects.get().token_hash
    stranger = pages(None, acme)
    (event,) = read(stranger.get(address))
    assert str(event["SUMMARY"]) == "Maria Souza"
    assert event.decoded("DTSTART") == booked.starts_at
    assert (event["SEQUENCE"], str(event["STATUS"])) == (booked.version, "TENTATIVE")
    assert "Key at the porter" in str(event["DESCRIPTION"])


def test_times_are_the_firms_and_the_file_brings_its_clocks(bobs: Browser, booked: Appointment, acme: Any) -> None:
    acme.timezone = "America/New_York"
    acme.save(update_fields=["timezone"])
    routing.forget(schema=acme.schema_name)
    for path in (made(bobs), f"/calendar/{booked.pk}.ics"):
        calendar = Calendar.from_ical(bobs.get(path).content.decode())
        (zone,) = calendar.walk("VTIMEZONE")
        assert str(zone["TZID"]) == "America/New_York"
        assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
        (event,) = calendar.walk("VEVENT")
        assert event["DTSTART"].params["TZID"] == "America/New_York"
        assert event.decoded("DTSTART") == booked.starts_at


def test_reading_is_noted_once_an_hour(bobs: Browser, booked: Appointment) -> None:
    address = made(bobs)
    assert "No calendar has read it yet." in bobs.get("/calendar/feed/").content.decode()
    read(bobs.get(address))
    first = CalendarFeed.objects.get().read_at
    assert first is not None
    read(bobs.get(address))
    assert CalendarFeed.objects.get().read_at == first
    CalendarFeed.objects.update(read_at=first - timedelta(hours=2))
    read(bobs.get(address))
    again = CalendarFeed.objects.get().read_at
    assert again is not None
    assert again >= first
    assert "Last read by a calendar" in bobs.get("/calendar/feed/").content.decode()


def test_what_is_cancelled_says_so_with_a_higher_number(bobs: Browser, booked: Appointment) -> None:
    address = made(bobs)
    services.cancel_appointment(booked, actor=None)
    (event,) = read(bobs.get(address))
    booked.refresh_from_db()
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", booked.version)


def test_a_new_address_ends_the_old_and_all_can_end(bobs: Browser, booked: Appointment) -> None:
    old = made(bobs)
    new = made(bobs)
    assert bobs.get(old).status_code == 404
    assert bobs.get(new).status_code == 200
    bobs.post("/calendar/feed/removal/")
    bobs.post("/calendar/feed/removal/")
    assert bobs.get(new).status_code == 404


def test_who_left_and_who_guesses_gets_nothing(
    bobs: Browser, carols: Browser, member: Member, booked: Appointment
) -> None:
    address = made(bobs)
    assert carols.get(address).status_code == 404  # on another firm's host
    assert bobs.get("/calendar/feed/guess.ics").status_code == 404
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert bobs.get(address).status_code == 404


def test_too_many_guesses_wait(bobs: Browser) -> None:
    answers = {bobs.get(f"/calendar/feed/{'x' * 43}.ics").status_code for _ in range(140)}
    assert answers == {404, 429}


def test_the_clients_file_keeps_the_firms_notes_to_itself(bobs: Browser, carols: Browser, booked: Appointment) -> None:
    services.update_appointment(booked, actor=None, notes="Pays late")
    answer = bobs.get(f"/calendar/{booked.pk}.ics")
    (event,) = read(answer)
    assert str(event["SUMMARY"]) == "Cleaning · Acme Piscinas"
    assert "Pays late" not in answer.content.decode()
    assert "porter" not in answer.content.decode()
    assert carols.get(f"/calendar/{booked.pk}.ics").status_code == 404


def test_hostile_words_stay_words(bobs: Browser, booked: Appointment) -> None:
    services.update_appointment(booked, actor=None, notes="END:VCALENDAR\r\nBEGIN:VEVENT\x07;,")
    assert len(read(bobs.get(made(bobs)))) == 1
