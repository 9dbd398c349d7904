"""Who works when: hours, days off, and how this firm plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError, NotThere
from tenant_apps.activity import services as activity
from tenant_apps.scheduling import guards, holiday
from tenant_apps.scheduling.models import DayOff, SchedulePolicy, WorkingHours
from tenant_apps.team.models import Member

MOST_SPANS = 21
LONGEST_OFF = 366
WEEKS = range(1, 27)
Hours = tuple[int, time, time]  # weekday (0 Monday), from, until


def policy() -> SchedulePolicy:
    """How this organization plans; made when it is first asked for."""
    found = SchedulePolicy.objects.first()
    return found or SchedulePolicy.objects.get_or_create(only=True)[0]


@transaction.atomic
def change_policy(*, actor: Member | None, **changes: Any) -> SchedulePolicy:
    """`country`, `state`, `works_on_holidays`, `weeks_ahead`. Raises FieldError."""
    kept = SchedulePolicy.objects.select_for_update().get(pk=policy().pk)
    names = ("country", "state", "works_on_holidays", "weeks_ahead")
    before = {name: getattr(kept, name) for name in names}
    for name in names:
        if name in changes:
            setattr(kept, name, changes[name])
    kept.country, kept.state = kept.country.strip().upper(), kept.state.strip().upper()
    known = holiday.countries()
    if kept.country not in known:
        raise FieldError("country", _("We do not know the holidays of this country."), "unknown_country")
    if kept.state and kept.state not in known[kept.country]:
        raise FieldError("state", _("We do not know this state."), "unknown_state")
    if kept.weeks_ahead not in WEEKS:
        raise FieldError("weeks_ahead", _("From 1 to 26 weeks."), "out_of_range")
    after = {name: getattr(kept, name) for name in names}
    if after != before:
        kept.save()
        activity.record(actor, "schedule.policy_changed", kept, before=before, after=after)
    return kept


@transaction.atomic
def set_working_hours(member: Member, hours: Sequence[Hours], *, actor: Member | None) -> list[WorkingHours]:
    """Make these the member's hours; none: may be booked at any time. Raises NotThere, FieldError."""
    locked = Member.objects.select_for_update(no_key=True).filter(pk=member.pk, is_active=True).first()
    if locked is None:
        raise NotThere
    if len(hours) > MOST_SPANS:
        raise FieldError("hours", _("At most three times for each day."), "too_many")
    ordered = sorted(hours)
    for weekday, starts, ends in ordered:
        if weekday not in range(7):
            raise FieldError("weekday", _("A weekday from 0 (Monday) to 6 (Sunday)."), "out_of_range")
        if ends <= starts:
            raise FieldError("ends", _("The end comes after the start."), "end_before_start")
    for (day, _starts, ends), (next_day, starts, _ends) in pairwise(ordered):
        if day == next_day and starts < ends:
            raise FieldError("starts", _("These times overlap."), "overlap")
    rows = WorkingHours.objects.filter(member=locked)
    before = [_told(row.weekday, row.starts, row.ends) for row in rows]
    after = [_told(*one) for one in ordered]
    if before == after:
        return list(rows)
    rows.delete()
    made = WorkingHours.objects.bulk_create(
        WorkingHours(member=locked, weekday=day, starts=starts, ends=ends) for day, starts, ends in ordered
    )
    activity.record(actor, "schedule.hours_changed", locked, before={"hours": before}, after={"hours": after})
    return made


def _told(weekday: int, starts: time, ends: time) -> str:
    return f"{weekday} {starts:%H:%M}-{ends:%H:%M}"


@transaction.atomic
def add_day_off(
    *, actor: Member | None, member: Member | None, starts_on: date, ends_on: date, reason: str = ""
) -> DayOff:
    """Days without work, of a member or (None) of the whole firm. What is booked on them stays. Raises FieldError."""
    if ends_on < starts_on:
        raise FieldError("ends_on", _("The end comes after the start."), "end_before_start")
    if (ends_on - starts_on).days >= LONGEST_OFF:
        raise FieldError("ends_on", _("At most a year at once."), "too_long")
    if member is not None and not member.is_active:
        message = _("%(name)s is not in the team any more.") % {"name": member}
        raise FieldError("member", message, "inactive_member")
    reason = guards.text(reason, "reason", most=120)
    made = DayOff.objects.create(member=member, starts_on=starts_on, ends_on=ends_on, reason=reason)
    said = {"member": str(member or ""), "starts_on": starts_on, "ends_on": ends_on, "reason": made.reason}
    activity.record(actor, "schedule.day_off_added", made, after=said)
    return made


@transaction.atomic
def remove_day_off(day_off: DayOff, *, actor: Member | None) -> None:
    """Raises NotThere."""
    found = DayOff.objects.select_for_update().filter(pk=day_off.pk).first()
    if found is None:
        raise NotThere
    before = {"starts_on": found.starts_on, "ends_on": found.ends_on, "reason": found.reason}
    activity.record(actor, "schedule.day_off_removed", found, before=before)
    found.delete()
