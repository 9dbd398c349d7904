"""Offerings, appointments, contracts, hours and days off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import User
from tenant_apps.scheduling.models import Appointment, Booking, Cancellation, ContractVariation, Line
from tenant_apps.team.models import Member
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

OFFERING = {"pk": key_of("scheduling.Offering")}
APPOINTMENT = {"pk": key_of("scheduling.Appointment")}
CONTRACT = {"pk": key_of("scheduling.Contract")}
VARIATION = {**CONTRACT, "variation": key_of("scheduling.ContractVariation")}
OFF = {"pk": key_of("scheduling.DayOff")}
ANY_VERSION = {"if-match": "*"}


def at_work(world: World) -> None:
    """The planted member, who is not active, is back."""
    Member.objects.filter(pk=world["team.Member"].pk).update(is_active=True)


def tomorrow(hours: int = 0) -> str:
    return (timezone.now().replace(microsecond=0) + timedelta(days=1, hours=hours)).isoformat()


def at_ease(world: World) -> None:
    """The planted rows as a firm would have them: nobody who left, nothing half-planted in the way."""
    Appointment.objects.filter(pk=world["scheduling.Appointment"].pk).update(
        status="pending", cancellation=None, arrival_until=None, finished_at=None, contract=None, occurrence_on=None
    )
    Booking.objects.all().delete()
    Line.objects.all().delete()


def everybodys(world: World) -> None:
    """Everybody who works there goes, so that it is anybody's own."""
    at_ease(world)
    appointment = Appointment.objects.get(pk=world["scheduling.Appointment"].pk)
    for member in Member.objects.filter(is_active=True):
        Booking.objects.create(
            appointment=appointment, member=member, starts_at=appointment.starts_at, ends_at=appointment.ends_at
        )


def cancelled(world: World) -> None:
    at_ease(world)
    appointment = Appointment.objects.get(pk=world["scheduling.Appointment"].pk)
    appointment.cancellation = Cancellation.objects.create(appointment=appointment)
    appointment.save()


def done(world: World) -> None:
    at_ease(world)
    Appointment.objects.filter(pk=world["scheduling.Appointment"].pk).update(status="done", finished_at=timezone.now())


def unused(world: World) -> None:
    Line.objects.all().delete()


def paused(world: World) -> None:
    calm(world)
    ContractVariation.objects.filter(contract=world["scheduling.Contract"]).update(
        rrule="", is_yearly=False, ends_on=None
    )


def calm(world: World) -> None:
    """The planted contract, with nobody who left and no visit that is none."""
    at_ease(world)
    world["scheduling.Contract"].__class__.objects.filter(pk=world["scheduling.Contract"].pk).update(
        member_ids=[], billing="none", billing_day=10, duration_minutes=60, arrival_minutes=0, ends_on=None, place=None
    )


def a_booking(world: World, _user: User) -> dict[str, Any]:
    times = {"starts_at": tomorrow(), "ends_at": tomorrow(1), "overrule": True}
    return {"client": str(world["clients.Client"].pk), **times}


def a_contract(world: World, _user: User) -> dict[str, Any]:
    series = {"rrule": "FREQ=WEEKLY", "starts_on": tomorrow()[:10], "time": "09:00"}
    return {"client": str(world["clients.Client"].pk), **series}


HOURS = {"hours": [{"weekday": 0, "starts": "08:00", "ends": "12:00"}]}
DAYS = {"starts_on": "2026-12-24", "ends_on": "2026-12-31"}
_ONE = "/api/v1/appointments/<uuid:pk>/"
_CONTRACT = "/api/v1/contracts/<uuid:pk>/"
ROWS: dict[str, Row] = {
    "GET /api/v1/offerings/": Row(query="?active=all"),
    "POST /api/v1/offerings/": Row(body=lambda *_: {"name": "Cleaning"}),
    "GET /api/v1/offerings/<uuid:pk>/": Row(arguments=OFFERING),
    "PATCH /api/v1/offerings/<uuid:pk>/": Row(
        arguments=OFFERING, headers=ANY_VERSION, body=lambda *_: {"name": "Other", "colour": "#112233"}
    ),
    "DELETE /api/v1/offerings/<uuid:pk>/": Row(arguments=OFFERING, before=unused),
    "GET /api/v1/appointments/": Row(query="?cancelled=all"),
    "POST /api/v1/appointments/": Row(body=a_booking),
    f"GET {_ONE}": Row(arguments=APPOINTMENT),
    f"PATCH {_ONE}": Row(
        arguments=APPOINTMENT, headers=ANY_VERSION, before=at_ease, body=lambda *_: {"notes": "Bring the ladder"}
    ),
    f"POST {_ONE}cancellation/": Row(arguments=APPOINTMENT, before=at_ease, body=lambda *_: {"reason": "rain"}),
    f"DELETE {_ONE}cancellation/": Row(arguments=APPOINTMENT, before=cancelled),
    f"POST {_ONE}confirmation/": Row(arguments=APPOINTMENT, before=at_ease),
    f"POST {_ONE}start/": Row(arguments=APPOINTMENT, before=everybodys),
    f"DELETE {_ONE}start/": Row(arguments=APPOINTMENT, before=done),
    f"POST {_ONE}completion/": Row(arguments=APPOINTMENT, before=everybodys),
    f"DELETE {_ONE}completion/": Row(arguments=APPOINTMENT, before=done),
    f"POST {_ONE}no-show/": Row(arguments=APPOINTMENT, before=everybodys),
    f"DELETE {_ONE}no-show/": Row(arguments=APPOINTMENT, before=done),
    "GET /api/v1/contracts/": Row(query="?active=all"),
    "POST /api/v1/contracts/": Row(body=a_contract),
    f"GET {_CONTRACT}": Row(arguments=CONTRACT),
    f"PATCH {_CONTRACT}": Row(
        arguments=CONTRACT, headers=ANY_VERSION, before=calm, body=lambda *_: {"title": "Other", "rrule": "FREQ=DAILY"}
    ),
    f"DELETE {_CONTRACT}": Row(arguments=CONTRACT, before=calm),
    f"POST {_CONTRACT}variations/": Row(
        arguments=CONTRACT, before=calm, body=lambda *_: {"starts_on": tomorrow()[:10]}
    ),
    f"DELETE {_CONTRACT}variations/<uuid:variation>/": Row(arguments=VARIATION, before=calm),
    f"POST {_CONTRACT}resumption/": Row(arguments=CONTRACT, before=paused, body=lambda *_: {"on": tomorrow()[:10]}),
    "GET /api/v1/working-hours/": Row(shows=False),  # the planted member is not active
    "GET /api/v1/working-hours/<uuid:pk>/": Row(arguments={"pk": key_of("team.Member")}),
    "PUT /api/v1/working-hours/<uuid:pk>/": Row(
        arguments={"pk": key_of("team.Member")}, before=at_work, body=lambda *_: HOURS
    ),
    "POST /api/v1/days-off/": Row(body=lambda *_: DAYS),
    "DELETE /api/v1/days-off/<uuid:pk>/": Row(arguments=OFF),
    "PATCH /api/v1/schedule-policy/": Row(body=lambda *_: {"weeks_ahead": 9}),
    "GET /api/v1/schedule-policy/": Row(shows=False),
    "GET /api/v1/free-slots/": Row(answers=(400,), shows=False),  # without a member in its address
}
