"""The day before a visit, at 06:00 where the organization is, its client and its professionals are reminded.

Only organizations with a visit tomorrow are visited: every change of the calendar marks the morning before it in the
engine's due index, and the engine's nightly sweep asks `next_reminders` everywhere, for what came in many at once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core.prepared import Given, prepared
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due, next_daily, periodic
from tenant_apps.notifications.services import notify_all
from tenant_apps.scheduling import local, telling, told
from tenant_apps.scheduling.models import Appointment, AppointmentQuerySet

JOB = "scheduling.remind_tomorrow"
AT = time(6)
DAY = timedelta(days=1)
EXPECTED = (Appointment.Status.PENDING, Appointment.Status.CONFIRMED)
EVENT = "appointment.reminder"


def next_reminders(now: datetime) -> datetime | None:
    """When somebody must be reminded next."""
    return next_daily(JOB, AT, now=now, zone=current.zone(), first_day=_first_day)


@periodic(JOB, work="indexed", next_due=next_reminders, label=_("Remind of tomorrow's visits"))
def remind_tomorrow(now: datetime) -> dict[str, int]:
    """Remind of tomorrow's visits; a few statements, however many there are. A second run tells nobody again."""
    zone = current.zone()
    visits = told.read(_tomorrow(**_morning_of(local.day_of(now, zone))))
    notices = [telling.notice_of(visit, EVENT, now=now, zone=zone) for visit in visits]
    return {"visits": len(notices), "messages": notify_all(notices, now=now)}


def mark(now: datetime | None = None) -> None:
    """Have the organization visited when its next visits are near: for who made many at once."""
    at = next_reminders(now or timezone.now())
    if at is not None:
        due.mark(JOB, at)


def mark_change(sender: object, *, appointment: Appointment, change: str, **_rest: object) -> None:
    """On `appointment_changed`: the morning before it, if that lies ahead."""
    at = local.moment(local.day_of(appointment.starts_at) - DAY, AT)
    if change != "cancelled" and at > timezone.now():
        due.mark(JOB, at)


def mark_series(sender: object, **_rest: object) -> None:
    """On `contract_changed`: its visits came or moved many at once."""
    mark()


def _first_day(day: date) -> date | None:
    """The first day from `day` on on which there is somebody to remind: the day before a visit."""
    first = _first_expected(**_morning_of(day))
    return local.day_of(first[0][0]) - DAY if first else None


def _morning_of(day: date) -> dict[str, datetime]:
    since, until = local.day_bounds(day + DAY)
    return {"morning": local.moment(day, AT), "since": since, "until": until}


@prepared
def _tomorrow(morning: Given, since: Given, until: Given) -> QuerySet[Appointment, Any]:
    return told.composed(_to_remind(morning, since, until).filter(starts_at__lt=until)).order_by("starts_at")


@prepared
def _first_expected(morning: Given, since: Given, until: Given) -> QuerySet[Appointment, Any]:
    return _to_remind(morning, since, until).order_by("starts_at").values_list("starts_at")[:1]


def _to_remind(morning: Given, since: Given, until: Given) -> AppointmentQuerySet:
    """From tomorrow on (`since`, which ends at `until`), who is expected. One that was booked today, after the
    reminders' time, was told of then."""
    booked_before = Q(created_at__lt=morning) | Q(starts_at__gte=until)
    return Appointment.objects.standing().filter(booked_before, starts_at__gte=since, status__in=EXPECTED)
