"""Making the visits of contracts, and fitting those that are made to a contract that changed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core import bulk
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from tenant_apps.scheduling import guards, local, occurrences
from tenant_apps.scheduling.availability import Plan
from tenant_apps.scheduling.errors import SeriesCollides
from tenant_apps.scheduling.models import Appointment, Booking, Contract, Line
from tenant_apps.scheduling.occurrences import Occurrence
from tenant_apps.scheduling.services import bookings
from tenant_apps.scheduling.services.hours import policy
from tenant_apps.scheduling.services.states import BEFORE
from tenant_apps.team.models import Member

CHUNK = 250  # contracts at once: what they need fits in memory
FIELDS = ("starts_at", "ends_at", "arrival_until", "place", "notes", "price", "version", "updated_at")


class Desk:
    """Who of some locked professionals is free when: read once, then asked and booked in memory."""

    def __init__(
        self, member_ids: Collection[UUID], first: date, last: date, *, besides: Collection[UUID] = ()
    ) -> None:
        rows = Member.objects.filter(pk__in=set(member_ids)).order_by("pk").select_for_update(no_key=True)
        self.members = {member.pk: member for member in rows if member.is_active}
        self.plan = Plan(self.members, first, last)
        # A visit that begins on the last day may end on the next, and one before the first may reach into it.
        start, end = local.day_bounds(first, self.plan.zone)[0], local.day_bounds(last, self.plan.zone)[1]
        self.taken: dict[UUID, list[tuple[datetime, datetime, UUID]]] = defaultdict(list)
        booked = Booking.objects.filter(
            member__in=list(self.members), stands=True, starts_at__lt=end + timedelta(days=1), ends_at__gt=start
        )
        for row in booked.exclude(appointment__in=list(besides)).values_list("member_id", "starts_at", "ends_at", "pk"):
            self.taken[row[0]].append(row[1:])
        for spans in self.taken.values():
            spans.sort()

    def in_the_way(self, member_id: UUID, start: datetime, end: datetime) -> UUID | None:
        """The booking that takes the member's time then. What is taken never overlaps, so one look back is enough."""
        spans = self.taken[member_id]
        at = bisect_left(spans, end, key=lambda span: span[0])
        return spans[at - 1][2] if at and spans[at - 1][1] > start else None

    def book(self, visit: Appointment, member_ids: Sequence[UUID], day: date) -> tuple[list[Booking], list[UUID]]:
        """The bookings of a visit, all or none, and what is in the way. Who left or is off that day is not booked."""
        wanted = sorted(set(member_ids))
        clashes = [
            clash
            for one in wanted
            if one in self.members and (clash := self.in_the_way(one, visit.starts_at, visit.ends_at))
        ]
        if clashes or any(one not in self.members or self.plan.day_off(day, one) for one in wanted):
            return [], clashes
        made = [
            Booking(appointment_id=visit.pk, member_id=one, starts_at=visit.starts_at, ends_at=visit.ends_at)
            for one in wanted
        ]
        for row in made:
            insort(self.taken[row.member_id], (row.starts_at, row.ends_at, row.pk))
        return made, []


@transaction.atomic
def generate_visits(*, today: date, now: datetime, contracts: Collection[UUID] | None = None) -> int:
    """Make the visits that are missing from `today` until the policy's weeks ahead; run twice, it makes none.

    A visit whose professional is taken or off is made without one, to be given one by hand. Returns how many.
    """
    horizon = today + timedelta(weeks=policy().weeks_ahead)
    wanting = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=horizon)
    wanting = wanting.filter(Q(generated_until=None) | Q(generated_until__lt=horizon))
    if contracts is not None:
        wanting = wanting.filter(pk__in=contracts)
    # All contracts are locked before the first professional: who changes one of them meanwhile takes them in this order
    # too, so nobody waits in a ring.
    locked = dict(wanting.order_by("pk").select_for_update(no_key=True).values_list("pk", "member_ids"))
    if not locked:
        return 0
    desk = Desk({member for ids in locked.values() for member in ids}, today, horizon)
    made, keys = 0, list(locked)
    for start in range(0, len(keys), CHUNK):
        rows = Contract.objects.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
        made += _generate(list(rows.prefetch_related("variations", "lines")), desk, today, horizon, now)
    return made


def _generate(contracts: Sequence[Contract], desk: Desk, today: date, horizon: date, now: datetime) -> int:
    have = set(
        Appointment.objects.filter(contract__in=contracts, occurrence_on__gte=today).values_list(
            "contract_id", "occurrence_on"
        )
    )
    visits: list[Appointment] = []
    booked: list[Booking] = []
    for contract in contracts:
        lines = list(contract.lines.all())
        for one in _wanted(contract, today, horizon, desk.plan, now):
            if (contract.pk, one.day) not in have:
                visit = _visit(contract, one, lines=lines)
                visits.append(visit)
                booked += desk.book(visit, contract.member_ids, one.day)[0]
    _insert(visits, booked, {contract.pk: list(contract.lines.all()) for contract in contracts})
    Contract.objects.filter(pk__in=[contract.pk for contract in contracts]).update(generated_until=horizon)
    return len(visits)


def fit(contract: Contract, *, today: date, now: datetime, overrule: bool = False) -> datetime | None:
    """Make the visits to come those that the (locked) contract asks for: missing ones are made, others moved or taken
    away. Left alone: what was changed by itself, is cancelled or has begun. Returns when the first of the visits was
    that fell away.

    Raises SeriesCollides, with every day, unless `overrule`: then those are made without a professional.
    """
    horizon = today + timedelta(weeks=policy().weeks_ahead)
    lines = list(contract.lines.all())
    rows = list(contract.appointments.filter(occurrence_on__gte=today).order_by("pk").select_for_update(no_key=True))
    free = {
        row.occurrence_on: row
        for row in rows
        if not row.is_detached and row.cancellation_id is None and row.status in BEFORE and row.starts_at > now
    }
    others = {row.occurrence_on for row in rows} - set(free)
    desk = Desk(contract.member_ids, today, horizon, besides=[row.pk for row in free.values()])
    wanted = {one.day: one for one in _wanted(contract, today, horizon, desk.plan, now) if one.day not in others}
    made: list[Appointment] = []
    changed: list[Appointment] = []
    booked: list[Booking] = []
    clashes: list[UUID] = []
    for day, one in wanted.items():
        visit = _visit(contract, one, free.pop(day, None), lines=lines)
        (changed if visit.version > 1 else made).append(visit)
        bookings_, in_the_way = desk.book(visit, contract.member_ids, day)
        booked, clashes = booked + bookings_, clashes + in_the_way
    if clashes and not overrule:
        raise _collides(clashes)
    _remove(free.values())
    for visit in changed:
        visit.updated_at = now
    keys = [visit.pk for visit in changed]
    Booking.objects.filter(appointment__in=keys).delete()
    Line.objects.filter(appointment__in=keys).delete()
    Appointment.objects.bulk_update(changed, FIELDS)
    _insert(made, booked, {contract.pk: lines}, also=changed)
    contract.generated_until = horizon
    contract.save(update_fields=["generated_until"])
    return min((visit.starts_at for visit in free.values()), default=None)


def _wanted(contract: Contract, today: date, horizon: date, plan: Plan, now: datetime) -> Iterable[Occurrence]:
    found = occurrences.of_contract(contract, list(contract.variations.all()), today, horizon, plan)
    return [one for one in found if one.starts_at > now]


def _visit(
    contract: Contract, one: Occurrence, visit: Appointment | None = None, *, lines: Sequence[Line]
) -> Appointment:
    """A visit as the contract wants it: a new one, or this one changed."""
    if visit is None:
        visit = Appointment(id=uuid7(), contract_id=contract.pk, client_id=contract.client_id, occurrence_on=one.day)
    else:
        visit.version += 1
    visit.starts_at, visit.ends_at, visit.arrival_until = one.starts_at, one.ends_at, one.arrival_until
    visit.place_id, visit.notes = contract.place_id, contract.notes
    visit.price = price_of(contract, lines)
    return visit


def price_of(contract: Contract, lines: Iterable[Line]) -> Decimal:
    """What one visit costs: nothing by itself where the contract is billed by the month, or not at all."""
    if contract.billing != Contract.Billing.VISIT:
        return Decimal(0)
    return contract.price or guards.total(lines)


def _count(visits: Sequence[Appointment]) -> None:
    """A contract's visits count in their month, and stand although that is full: the client was promised them."""
    where = current.zone()
    months = Counter(local.day_of(visit.starts_at, where).replace(day=1) for visit in visits)
    for first, number in sorted(months.items()):
        at = local.moment(first, time(12), where)
        entitlements.keeps(entitlements.here(), Feature.APPOINTMENTS, number, at=at)


def _insert(
    visits: Sequence[Appointment],
    booked: Sequence[Booking],
    lines: dict[UUID, list[Line]],
    *,
    also: Sequence[Appointment] = (),
) -> None:
    """`lines` by contract. `also`: visits that are there, but have lost their lines."""
    bulk.insert(visits)
    bulk.insert(
        [
            Line(
                appointment_id=visit.pk,
                offering_id=line.offering_id,
                asset_id=line.asset_id,
                quantity=line.quantity,
                price=line.price,
                position=line.position,
            )
            for visit in [*visits, *also]
            for line in lines.get(visit.contract_id or visit.pk, ())
        ]
    )
    bulk.insert(booked)
    if visits:
        _count(visits)


def _remove(visits: Iterable[Appointment]) -> None:
    """Take visits away that the contract no longer asks for; one on which something hangs (a report) stays."""
    keys = {visit.pk for visit in visits}
    while keys:
        try:
            with transaction.atomic():
                Appointment.objects.filter(pk__in=keys).delete()
            return
        except RestrictedError as error:
            hanging = {
                getattr(one, field.attname)
                for one in error.restricted_objects
                for field in one._meta.concrete_fields
                if field.related_model is Appointment
            }
            Appointment.objects.filter(pk__in=hanging).update(is_detached=True)
            keys -= hanging


def _collides(clashes: Sequence[UUID]) -> SeriesCollides:
    rows = Booking.objects.filter(pk__in=clashes).select_related("appointment__client", "member")
    found = list(rows.defer("appointment__client__search").order_by("starts_at", "pk"))
    said = [bookings.told(row) for row in found[:3]]
    if len(found) > len(said):
        more = len(found) - len(said)
        said.append(ngettext("And %(more)s more time.", "And %(more)s more times.", more) % {"more": more})
    message = " ".join(said) or _("The professional is taken on some of these days.")
    return SeriesCollides(message, collisions=[bookings.described(row) for row in found])
