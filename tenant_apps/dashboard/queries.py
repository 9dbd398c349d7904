"""What the dashboard shows, in few statements: two for everybody's work, one each for what is listed or drawn.

Money is asked for only where the reader may see it. Sums of payments are what really came in and went out; months are
those of the organization's time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from tenant_apps.clients.models import Client
from tenant_apps.dashboard.periods import Asked, Days, days_of, end_of_month, midnight, months_until
from tenant_apps.finance.models import Entry, FinancePolicy, Kind, Payment
from tenant_apps.scheduling.models import Appointment, Booking, Offering, WorkingHours
from tenant_apps.team.models import Member

UPCOMING, TOP = 6, 5
AHEAD = timedelta(days=60)  # what is further away is nobody's next visit
ZERO = Decimal(0)
DONE = Appointment.Status.DONE
WHO = Coalesce(NullIf("member__name", Value("")), "member__email", output_field=CharField())


@dataclass(slots=True)
class Month:
    first: date
    visits: int = 0
    received: Decimal = ZERO
    spent: Decimal = ZERO


@dataclass(slots=True)
class Dashboard:
    """`money` is None for who may not see it."""

    days: Days
    today: dict[str, int]
    steps: dict[str, bool]  # of the first run: which are done
    months: list[Month]
    members: list[dict[str, Any]]
    upcoming: list[dict[str, Any]]
    money: dict[str, Any] | None = None
    top_clients: list[dict[str, Any]] = field(default_factory=list)

    @property
    def work(self) -> list[dict[str, Any]]:
        """Who did something in the period, the busiest first."""
        return sorted((one for one in self.members if one["visits"]), key=lambda one: (-one["visits"], one["label"]))


def dashboard(asked: Asked, *, now: datetime, zone: tzinfo, sees_money: bool) -> Dashboard:
    """All of it. `now` is aware; `zone` the organization's."""
    today = now.astimezone(zone).date()
    days, months = days_of(asked.period, today), [Month(first) for first in months_until(today, asked.months)]
    facts = _facts(asked.member_id, today, zone)
    found = Dashboard(
        days=days,
        today={"visits": facts["visits"] or 0, "done": facts["done"] or 0},
        steps={name: facts[name] for name in ("client", "offering", "hours", "visit", "pix")},
        months=months,
        members=list(_members(days, zone)),
        upcoming=list(_upcoming(asked.member_id, now)),
    )
    _count_visits(months, asked.member_id, zone)
    if sees_money:
        _add_payments(months)
        found.money = _money(days, today, months)
        found.top_clients = list(_top_clients(days))
    return found


def _of(appointments: QuerySet[Appointment], member_id: UUID | None) -> QuerySet[Appointment]:
    """Those of one professional; of everybody without one."""
    if member_id is None:
        return appointments
    return appointments.filter(Exists(Booking.objects.filter(appointment=OuterRef("pk"), member=member_id)))


def _facts(member_id: UUID | None, today: date, zone: tzinfo) -> Any:
    """Today's visits and what a new firm has set up, in one statement: beside any member's row, for there is one."""
    start, end = Days(today, today).moments(zone)
    visits = _of(Appointment.objects.filter(cancellation=None, starts_at__gte=start, starts_at__lt=end), member_id)
    return (
        Member.objects.order_by("pk")
        .values(
            visits=_count(visits),
            done=_count(visits.filter(status=DONE)),
            client=Exists(Client.objects.all()),
            offering=Exists(Offering.objects.all()),
            hours=Exists(WorkingHours.objects.all()),
            visit=Exists(Appointment.objects.all()),
            pix=Exists(FinancePolicy.objects.exclude(pix_key="")),
        )[:1]
        .get()
    )


def _count(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().annotate(n=Func("pk", function="count", output_field=IntegerField())).values("n")
    return Subquery(counted)


def _members(days: Days, zone: tzinfo) -> Iterable[dict[str, Any]]:
    """Who goes to clients, with the visits done in the period and the minutes reserved for them."""
    start, end = days.moments(zone)
    period = Q(bookings__stands=True, bookings__starts_at__gte=start, bookings__starts_at__lt=end)
    done = Q(work__appointment__status=DONE)
    # The period is asked of the join, so that bookings of other years are not joined to their appointments.
    found = Member.objects.annotate(work=FilteredRelation("bookings", condition=period)).values(
        "pk", "name", "email", "is_active"
    )
    counted = (
        found.annotate(
            visits=Count("work", filter=done),
            time=Sum(F("work__ends_at") - F("work__starts_at"), filter=done),
        )
        .filter(Q(is_active=True) | Q(visits__gt=0))
        .order_by("name", "email")
    )
    for one in counted:
        yield {
            **one,
            "label": one["name"] or one["email"],
            "minutes": int((one["time"] or timedelta()).total_seconds()) // 60,
        }


def _upcoming(member_id: UUID | None, now: datetime) -> Iterable[Any]:
    names = Booking.objects.filter(appointment=OuterRef("pk")).order_by("member__name", "member__email")
    open_ones = Appointment.objects.standing().filter(ends_at__gt=now).exclude(status__in=[DONE, "no_show"])
    return (
        _of(open_ones.filter(starts_at__gt=now - timedelta(days=1), starts_at__lt=now + AHEAD), member_id)
        .order_by("starts_at", "pk")
        .values("pk", "starts_at", "arrival_until", "status", "client_id", client_name=F("client__name"),
                city=F("place__city"), place_label=F("place__label"),
                who=ArraySubquery(names.values(n=WHO)))[:UPCOMING]
    )  # fmt: skip


def _count_visits(months: list[Month], member_id: UUID | None, zone: tzinfo) -> None:
    start = midnight(months[0].first, zone)
    done = _of(Appointment.objects.filter(cancellation=None, status=DONE, starts_at__gte=start), member_id)
    by_month = done.values(month=TruncMonth("starts_at", tzinfo=zone)).annotate(n=Count("pk")).order_by()
    counted = {row["month"].date(): row["n"] for row in by_month}
    for month in months:
        month.visits = counted.get(month.first, 0)


def _add_payments(months: list[Month]) -> None:
    paid = Payment.objects.standing().filter(paid_on__gte=months[0].first)
    found: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    # Days are few, and adding them up here spares PostgreSQL a conversion of every row.
    for day, kind, amount in paid.values_list("paid_on", "entry__kind").annotate(Sum("amount")).order_by():
        found[day.replace(day=1), kind] += amount
    for month in months:
        month.received = found[month.first, Kind.RECEIVABLE]
        month.spent = found[month.first, Kind.PAYABLE]


def _money(days: Days, today: date, months: list[Month]) -> dict[str, Any]:
    """What is still due of the period, what is overdue, and what came in; one or two statements."""
    due = Q(due_on__gte=days.first, due_on__lte=days.last)
    late = Q(due_on__lt=today)
    left = F("amount") - F("paid")
    found: dict[str, Any] = (
        Entry.objects.open()
        .receivable()
        .aggregate(
            due=Coalesce(Sum(left, filter=due), ZERO),
            due_count=Count("pk", filter=due),
            overdue=Coalesce(Sum(left, filter=late), ZERO),
            overdue_count=Count("pk", filter=late),
            overdue_clients=Count("client", filter=late, distinct=True),
            oldest=Min("due_on", filter=late),
            newest=Max("due_on", filter=late),
        )
    )
    by_first = {month.first: month for month in months}
    covered = [by_first[first] for first in by_first if days.first <= first <= days.last]
    if days.first in by_first:
        found["received"] = sum((month.received for month in covered), ZERO)
        found["spent"] = sum((month.spent for month in covered), ZERO)
    else:  # a year whose first months the chart does not show
        paid = Payment.objects.standing().filter(paid_on__gte=days.first, paid_on__lte=days.last)
        sums = dict(paid.values_list("entry__kind").annotate(Sum("amount")).order_by())
        found["received"], found["spent"] = sums.get(Kind.RECEIVABLE, ZERO), sums.get(Kind.PAYABLE, ZERO)
    previous = by_first.get((days.first - timedelta(days=1)).replace(day=1))
    is_one_month = days.last == end_of_month(days.first)
    found["before"] = previous.received if is_one_month and previous else None
    return found


def _top_clients(days: Days) -> Iterable[Any]:
    """Who paid most in the period."""
    paid = Payment.objects.standing().filter(
        paid_on__gte=days.first, paid_on__lte=days.last, entry__kind=Kind.RECEIVABLE, entry__client__isnull=False
    )
    grouped = paid.values(client_id=F("entry__client"), name=F("entry__client__name"))
    return grouped.annotate(sum=Sum("amount")).order_by("-sum", "name")[:TOP]
