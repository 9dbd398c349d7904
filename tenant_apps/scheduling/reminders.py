"""The day before a visit, at 06:00 where the organization is, its client and its professionals are reminded.

Only organizations with a visit tomorrow are visited: every change of the calendar marks the morning before it in the
engine's due index, and the engine's nightly sweep asks `next_reminders` everywhere, for what came in many at once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due, next_daily, periodic
from tenant_apps.notifications.services import notify_all
from tenant_apps.scheduling import local, telling
from tenant_apps.scheduling.models import Appointment, AppointmentQuerySet
from tenant_apps.scheduling.queries import with_everything

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
    today = local.day_of(now)
    start, end = local.day_bounds(today + DAY)
    visits = with_everything(_to_remind(today).filter(starts_at__gte=start, starts_at__lt=end)).order_by("starts_at")
    zone = current.zone()
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
    start, _end = local.day_bounds(day + DAY)
    expected = _to_remind(day).filter(starts_at__gte=start).order_by("starts_at")
    first = expected.values_list("starts_at", flat=True).first()
    return local.day_of(first) - DAY if first else None


def _to_remind(day: date) -> AppointmentQuerySet:
    """Visits that are expected. One that was booked that day, after the reminders' time, was told of then."""
    booked_before = Q(created_at__lt=local.moment(day, AT)) | Q(starts_at__gte=local.day_bounds(day + DAY)[1])
    return Appointment.objects.standing().filter(booked_before, status__in=EXPECTED)
