"""When professionals work, and when they are free: hours, days off, holidays, and what they are booked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from shared_apps.organizations import current
from tenant_apps.scheduling import holiday, local
from tenant_apps.scheduling.models import Booking, DayOff, SchedulePolicy, WorkingHours
from tenant_apps.team.models import Member

STEP = timedelta(minutes=30)  # the grid on which free times are offered
UNSAID = (time(8), time(18))  # whoever said no hours may be booked at any; these are offered
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Slot:
    starts_at: datetime
    ends_at: datetime

    def as_dict(self) -> dict[str, str]:
        where = current.zone()
        return {name: getattr(self, name).astimezone(where).isoformat() for name in ("starts_at", "ends_at")}


class Plan:
    """What is known of some professionals between two days: read once, in three statements, then asked in memory."""

    def __init__(self, member_ids: Collection[UUID], first: date, last: date) -> None:
        self.zone: ZoneInfo = current.zone()
        self.member_ids = list(dict.fromkeys(member_ids))
        self.policy = SchedulePolicy.objects.first() or SchedulePolicy()
        self.hours: dict[UUID, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
        for row in WorkingHours.objects.filter(member__in=self.member_ids):
            self.hours[row.member_id][row.weekday].append((row.starts, row.ends))
        of_these = Q(member=None) | Q(member__in=self.member_ids)
        self.off = list(DayOff.objects.filter(of_these, starts_on__lte=last, ends_on__gte=first))

    def holiday(self, day: date) -> str:
        """The holiday on which this firm does not work; empty: it does."""
        if self.policy.works_on_holidays:
            return ""
        return holiday.name_of(day, country=self.policy.country, state=self.policy.state)

    def day_off(self, day: date, member_id: UUID | None) -> DayOff | None:
        """The firm's (None) or the member's own day off."""
        return next((o for o in self.off if o.member_id == member_id and o.starts_on <= day <= o.ends_on), None)

    def firm_works(self, day: date) -> bool:
        return not self.holiday(day) and self.day_off(day, None) is None

    def said_spans(self, day: date, member_id: UUID) -> list[Span] | None:
        """The member's working hours of a day; None where the member has said none for any day."""
        if member_id not in self.hours:
            return None
        spans = [
            (local.moment(day, starts, self.zone), local.moment(day, ends, self.zone))
            for starts, ends in sorted(self.hours[member_id][day.weekday()])
        ]
        return joined(spans)

    def spans(self, day: date, member_id: UUID) -> list[Span]:
        """When the member may be booked that day."""
        if not self.firm_works(day) or self.day_off(day, member_id):
            return []
        said = self.said_spans(day, member_id)
        if said is None:
            starts, ends = UNSAID
            return [(local.moment(day, starts, self.zone), local.moment(day, ends, self.zone))]
        return said

    def reasons_against(self, start: datetime, end: datetime, names: dict[UUID, str]) -> list[str]:
        """Why nobody, or one of them, works from `start` to `end`, in words."""
        first, last = local.day_of(start, self.zone), local.day_of(end - timedelta(microseconds=1), self.zone)
        found: list[str] = []
        for day in dict.fromkeys([first, last]):
            said = {"day": formats.date_format(day, "SHORT_DATE_FORMAT")}
            if name := self.holiday(day):
                found.append(_("%(day)s is a holiday (%(name)s).") % {**said, "name": name})
            if off := self.day_off(day, None):
                found.append(_("The firm does not work on %(day)s%(why)s.") % {**said, "why": _why(off)})
            for member_id in self.member_ids:
                if off := self.day_off(day, member_id):
                    values = {**said, "name": names.get(member_id, ""), "why": _why(off)}
                    found.append(_("%(name)s is off on %(day)s%(why)s.") % values)
        if not found:
            found = [
                _("This is outside the working hours of %(name)s.") % {"name": names.get(member_id, "")}
                for member_id in self.member_ids
                if (said_spans := self.said_spans(first, member_id)) is not None
                and not any(a <= start and end <= b for a, b in said_spans)
            ]
        return found


def _why(off: DayOff) -> str:
    return f" ({off.reason})" if off.reason else ""


def joined(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans, those that touch or overlap made one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    return joined([(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)])


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for start, end in taken:
        cut: list[Span] = []
        for a, b in left:
            if end <= a or start >= b:
                cut.append((a, b))
                continue
            cut += [(a, start)] if a < start else []
            cut += [(end, b)] if end < b else []
        left = cut
    return left


def taken_between(
    member_ids: Collection[UUID], start: datetime, end: datetime, *, besides: Collection[UUID] = ()
) -> dict[UUID, list[Span]]:
    """Standing bookings by member; `besides` those of these appointments."""
    rows = Booking.objects.filter(member__in=list(member_ids), stands=True, starts_at__lt=end, ends_at__gt=start)
    taken: dict[UUID, list[Span]] = defaultdict(list)
    for member_id, a, b in (
        rows.exclude(appointment__in=list(besides))
        .order_by("starts_at")
        .values_list("member_id", "starts_at", "ends_at")
    ):
        taken[member_id].append((a, b))
    return taken


def free_slots(
    member_ids: Collection[UUID],
    *,
    duration: timedelta,
    first: date,
    days: int,
    not_before: datetime,
    besides: Collection[UUID] = (),
) -> Iterator[Slot]:
    """The times on the grid at which all of these professionals are free, in order."""
    if not member_ids:
        return
    plan = Plan(member_ids, first, first + timedelta(days=days))
    opens, closes = local.day_bounds(first, plan.zone)[0], local.day_bounds(first + timedelta(days=days), plan.zone)[1]
    taken = taken_between(plan.member_ids, opens, closes, besides=besides)
    for day in (first + timedelta(days=n) for n in range(days)):
        spans: list[Span] | None = None
        for member_id in plan.member_ids:
            free = without(plan.spans(day, member_id), taken[member_id])
            spans = free if spans is None else common(spans, free)
        for start, end in spans or []:
            at = _on_grid(max(start, not_before))
            while at + duration <= end:
                yield Slot(at, at + duration)
                at += STEP


def _on_grid(at: datetime) -> datetime:
    """The next full step, counted from the full hour: zones with half hours are on it too."""
    rest = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at if not rest else at - rest + STEP


def nearest(
    member_ids: Collection[UUID], *, start: datetime, end: datetime, now: datetime, besides: Collection[UUID] = ()
) -> list[dict[str, Any]]:
    """The three free times that are nearest to a wish, as the API gives them."""
    day = max(local.day_of(start), local.day_of(now))
    slots = free_slots(member_ids, duration=end - start, first=day, days=7, not_before=now, besides=besides)
    by_distance = sorted(slots, key=lambda slot: (abs(slot.starts_at - start), slot.starts_at))
    return [slot.as_dict() for slot in sorted(by_distance[:3], key=lambda slot: slot.starts_at)]


def names_of(member_ids: Collection[UUID]) -> dict[UUID, str]:
    return {member.pk: str(member) for member in Member.objects.filter(pk__in=list(member_ids))}
