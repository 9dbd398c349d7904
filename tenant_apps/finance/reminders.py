"""At 07:00 where the organization is: clients hear of what is due in 3 days, today, since 1 day and since 3 days.

Only organizations with such an entry are visited: each new entry marks its first morning in the engine's due index, and
the engine's nightly sweep asks `next_reminders` everywhere, for what came in many at once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due, next_daily, periodic
from tenant_apps.finance.models import ChargeLink
from tenant_apps.finance.owed import due_days_from, owed_on
from tenant_apps.finance.services import telling
from tenant_apps.finance.services.links import FORGET, FORGOTTEN
from tenant_apps.finance.services.telling import AT, EVENTS, JOB
from tenant_apps.notifications.services import notify_all


def next_reminders(now: datetime) -> datetime | None:
    """When somebody must be told next."""
    return next_daily(JOB, AT, now=now, zone=current.zone(), first_day=_first_day)


def mark_next(now: datetime) -> None:
    """Call it after making many entries at once; a single one marks its own mornings."""
    at = next_reminders(now)
    if at is not None:
        due.mark(JOB, at)


@periodic(JOB, work="indexed", next_due=next_reminders, label=_("Remind of what is due and overdue"))
def remind(now: datetime) -> dict[str, int]:
    """A few statements, however many there are. A second run tells nobody again."""
    today = current.today(now)
    entries = owed_on([today + timedelta(days=ahead) for ahead in EVENTS])
    notices = telling.notices_of(entries, today=today, now=now)
    return {"entries": len({notice.subject_id for notice in notices}), "messages": notify_all(notices, now=now)}


def next_link() -> datetime | None:
    first = ChargeLink.objects.order_by("expires_at").values_list("expires_at", flat=True).first()
    return first + FORGOTTEN if first else None


@periodic(FORGET, work="indexed", next_due=next_link, label=_("Remove expired charge links"))
def forget_links(now: datetime) -> dict[str, int]:
    return {"links": ChargeLink.objects.filter(expires_at__lte=now - FORGOTTEN).delete()[0]}


def _first_day(day: date) -> date | None:
    """The first day from `day` on on which there is something to tell of: asked in one statement."""
    # Their days reach from the earliest event to the latest; a day after those is told of later, too.
    dates = due_days_from(day + timedelta(days=min(EVENTS)))
    mornings = (due_on - timedelta(days=ahead) for due_on in dates for ahead in EVENTS)
    return min((morning for morning in mornings if morning >= day), default=None)
