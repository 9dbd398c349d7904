"""The calendar and its feeds."""

from __future__ import annotations

from datetime import timedelta

import orjson

from shared_apps.accounts.models import User
from tenant_apps.scheduling.models import CalendarFeed
from tenant_apps.team.models import Member
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import WHEN, World

VISIT = {"pk": key_of("scheduling.Appointment")}


def booked(world: World) -> None:
    """Who goes to the planted appointment works here."""
    Member.objects.filter(pk=world["scheduling.Booking"].member_id).update(is_active=True)


def ones_own(world: World) -> None:
    """Each member of the cast has a feed."""
    for number, member in enumerate(Member.objects.filter(is_active=True)):
        CalendarFeed.objects.get_or_create(member=member, defaults={"token_hash": f"{number}"})


def dragged(_world: World, _user: User) -> tuple[bytes, str]:
    later = {"starts_at": WHEN + timedelta(days=1), "ends_at": WHEN + timedelta(days=1, hours=1), "overrule": True}
    return orjson.dumps(later), "application/json"


ROWS: dict[str, Row] = {
    "GET /calendar/events/": Row(query="?start=2026-02-25&end=2026-03-10"),
    "POST /calendar/<uuid:pk>/move/": Row(arguments=VISIT, headers={"if-match": "*"}, body=dragged, before=booked),
    "GET /calendar/feed/": Row(shows=False),
    "POST /calendar/feed/": Row(),
    "POST /calendar/feed/removal/": Row(before=ones_own, answers=(302,)),
    # Whoever has the address may read; nobody has one here. tests/scheduling/calendar reads with real ones.
    "GET /calendar/feed/<str:token>.ics": Row(
        arguments={"token": lambda _world: "t" * 43}, answers=(404,), as_stranger=(404,), shows=False
    ),
    "GET /calendar/<uuid:pk>.ics": Row(arguments=VISIT),
}
