"""Who goes where each week, and the visits that came of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import holidays
from dateutil.relativedelta import relativedelta

from shared_apps.core import bulk
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.scheduling.models import Appointment, Booking, Cancellation, Contract, Line, Offering, SchedulePolicy
from tenant_apps.team.models import Member

AHEAD = timedelta(weeks=8)
SLOTS = (time(8), time(9, 15), time(10, 30), time(13), time(14, 15), time(15, 30))
SATURDAY_SLOTS = SLOTS[:3]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")
PAIRS = ((0, 3), (1, 4), (2, 5))  # of those who are visited twice a week
CHECKLIST = [
    "Peneirar a superfície",
    "Escovar as bordas",
    "Aspirar o fundo",
    "Limpar o cesto do skimmer",
    "Lavar o filtro",
]
OFFERINGS: tuple[tuple[str, int, str, str, list[str]], ...] = (
    ("Limpeza semanal", 60, "95.00", "#b45309", ["ph", "free_chlorine", "alkalinity"]),
    ("Limpeza de piscina coletiva", 75, "180.00", "#1d4ed8", ["ph", "free_chlorine", "alkalinity", "temperature"]),
    ("Tratamento de choque", 75, "240.00", "#b91c1c", ["ph", "free_chlorine"]),
    ("Troca de areia do filtro", 75, "380.00", "#57534e", []),
)
WHY = ("Chuva forte.", "Cliente viajando.", "Obra na casa.")
Status = Appointment.Status


@dataclass(slots=True)
class Route:
    """A contract's place in the week."""

    contract: Contract
    member: Member
    weekdays: tuple[int, ...]
    slot: time
    every: int  # weeks
    assets: list[Asset]
    offering: Offering
    is_collective: bool


@dataclass(slots=True)
class Visit:
    appointment: Appointment
    member: Member
    route: Route | None
    assets: list[Asset]
    offering: Offering
    stands: bool = True


@dataclass(slots=True)
class Plan:
    routes: list[Route]
    offerings: list[Offering]
    first_day: date
    free: list[tuple[Member, int, time]] = field(default_factory=list)  # hours of the week nobody has
    per_visit: bool = False


def plan(
    chance: random.Random, people: list[Member], first_day: date, local: datetime, *, staggered: bool, per_visit: bool
) -> Plan:
    """Contracts for every client, until the week is full."""
    offerings = _offerings()
    SchedulePolicy.objects.get_or_create(only=True, defaults={"state": "SP"})
    open_hours = [
        (member, weekday, slot)
        for weekday in range(6)
        for slot in (SATURDAY_SLOTS if weekday == 5 else SLOTS)
        for member in people
    ]
    free, routes = set(open_hours), []
    assets_of = _assets()
    clients = sorted(Client.objects.standing().defer("search"), key=lambda one: (one.kind, one.name_key))
    places = {place.client_id: place for place in Place.objects.order_by("-pk")}
    for client in clients:
        collective = client.kind == Client.Kind.COMPANY
        wanted = _hours(chance, free, twice=collective)
        if wanted is None:
            continue
        member, weekdays, slot = wanted
        free -= {(member, weekday, slot) for weekday in weekdays}
        every = 2 if not collective and not per_visit and chance.random() < 0.2 else 1
        since = (
            first_day + relativedelta(days=chance.randint(0, 90)) if staggered and chance.random() < 0.5 else first_day
        )
        place, days = places.get(client.pk), ",".join(DAYS[day] for day in weekdays)
        offering = offerings[1 if collective else 0]
        contract = Contract(
            client=client,
            place=place,
            title=offering.name,
            rrule=f"FREQ=WEEKLY;{f'INTERVAL={every};' if every > 1 else ''}BYDAY={days}",
            starts_on=min(_next(since, day) for day in weekdays),
            time=slot,
            duration_minutes=offering.duration_minutes,
            arrival_minutes=0 if collective else 60,
            member_ids=[member.pk],
            billing=Contract.Billing.VISIT if per_visit else Contract.Billing.ADVANCE,
            price=offering.price if per_visit else Decimal(chance.choice([320, 360, 420]) * (3 if collective else 1)),
            billing_day=chance.choice([5, 10, 15, 20]),
            generated_until=local.date() + AHEAD,
        )
        assets = assets_of.get(place.pk, []) if place else []
        routes.append(Route(contract, member, weekdays, slot, every, assets, offering, collective))
    bulk.insert([route.contract for route in routes])
    bulk.insert([Line(contract=route.contract, offering=route.offering, asset=route.assets[0] if route.assets else None,
                      price=route.offering.price) for route in routes])  # fmt: skip
    left = sorted(free, key=lambda one: (one[1], one[2], one[0].email))
    return Plan(routes, offerings, first_day, left, per_visit)


def write(chance: random.Random, plan: Plan, local: datetime) -> list[Visit]:
    """Every visit from the first day to some weeks ahead, in the state it would have now."""
    off = holidays.country_holidays("BR", years=range(plan.first_day.year, local.year + 2))
    visits = [
        _visit(chance, route, day, local)
        for route in plan.routes
        for day in _days(route, local.date() + AHEAD)
        if day not in off
    ]
    visits += [one for one in _single(chance, plan, local) if one.appointment.starts_at.date() not in off]
    cancellations = []
    for visit in visits:
        if not visit.stands:
            cancellation = Cancellation(appointment=visit.appointment, reason=chance.choice(WHY))
            visit.appointment.cancellation = cancellation
            cancellations.append(cancellation)
    bulk.insert([visit.appointment for visit in visits])
    bulk.insert(cancellations)
    bulk.insert([Booking(appointment=visit.appointment, member=visit.member, starts_at=visit.appointment.starts_at,
                         ends_at=visit.appointment.ends_at, stands=visit.stands) for visit in visits])  # fmt: skip
    bulk.insert([Line(appointment=visit.appointment, offering=visit.offering, price=visit.offering.price,
                      asset=visit.assets[0] if visit.assets else None) for visit in visits])  # fmt: skip
    return visits


def _offerings() -> list[Offering]:
    made = [
        Offering(name=name, duration_minutes=minutes, price=Decimal(price), colour=colour, readings=readings,
                 checklist=CHECKLIST if readings else [])
        for name, minutes, price, colour, readings in OFFERINGS
    ]  # fmt: skip
    bulk.insert(made)
    return made


def _assets() -> dict[object, list[Asset]]:
    found: dict[object, list[Asset]] = {}
    for asset in Asset.objects.order_by("pk"):
        found.setdefault(asset.place_id, []).append(asset)
    return found


def _hours(
    chance: random.Random, free: set[tuple[Member, int, time]], *, twice: bool
) -> tuple[Member, tuple[int, ...], time] | None:
    """An hour of the week (or two days' same hour) that one professional has free."""
    wanted = PAIRS if twice else tuple((day,) for day in range(6))
    ways = [
        (member, days, slot)
        for member, first, slot in sorted(free, key=lambda one: (one[2], one[1], one[0].email))
        for days in wanted
        if days[0] == first and all((member, day, slot) in free for day in days)
    ]
    return chance.choice(ways) if ways else None


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _days(route: Route, until: date) -> Iterator[date]:
    for weekday in route.weekdays:
        day = _next(route.contract.starts_on, weekday)
        while day <= until:
            yield day
            day += timedelta(weeks=route.every)


def _visit(chance: random.Random, route: Route, day: date, local: datetime) -> Visit:
    starts = datetime.combine(day, route.slot, tzinfo=local.tzinfo)
    contract = route.contract
    appointment = Appointment(
        client_id=contract.client_id,
        place_id=contract.place_id,
        contract=contract,
        occurrence_on=day,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=contract.duration_minutes),
        arrival_until=starts + timedelta(minutes=contract.arrival_minutes) if contract.arrival_minutes else None,
        price=contract.price if contract.billing == Contract.Billing.VISIT else 0,
    )
    stands = _settle(chance, appointment, local)
    return Visit(appointment, route.member, route, route.assets, route.offering, stands)


def _settle(chance: random.Random, appointment: Appointment, local: datetime) -> bool:
    """The state it has now; False: it was called off."""
    luck = chance.random()
    if appointment.ends_at <= local:
        appointment.status = Status.NO_SHOW if luck > 0.98 else Status.DONE
        appointment.finished_at = appointment.ends_at - timedelta(minutes=round(luck * 10))
    elif appointment.starts_at <= local:
        appointment.status = Status.UNDER_WAY
        return True
    elif appointment.starts_at.date() <= local.date() + timedelta(days=3):
        appointment.status = Status.CONFIRMED if luck < 0.7 else Status.PENDING
    if luck < 0.025 and appointment.starts_at.date() != local.date():
        appointment.status, appointment.finished_at = Status.PENDING, None
        return False
    return True


def _single(chance: random.Random, plan: Plan, local: datetime) -> Iterator[Visit]:
    """Now and then something outside any contract, in an hour that nobody has."""
    if not plan.free:
        return
    clients = list(plan.routes)
    week = _next(plan.first_day, 0)
    while week <= local.date() + timedelta(weeks=2):
        for member, weekday, slot in chance.sample(plan.free, min(2, len(plan.free))):
            route, offering = chance.choice(clients), chance.choice(plan.offerings[2:])
            starts = datetime.combine(week + timedelta(days=weekday), slot, tzinfo=local.tzinfo)
            appointment = Appointment(
                client_id=route.contract.client_id,
                place_id=route.contract.place_id,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=offering.duration_minutes),
                price=offering.price,
            )
            stands = _settle(chance, appointment, local)
            yield Visit(appointment, member, None, route.assets, offering, stands)
        week += timedelta(weeks=1)
