"""The mark that something comes back: the coming night finds out what is due, and when it must come again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due

JOB = "finance.recurring_entries"
AT = time(3)


def mark_night(now: datetime) -> None:
    """Call it in the transaction of what comes back."""
    zone, today = current.zone(), current.today(now)
    nights = (datetime.combine(today + timedelta(days=n), AT, tzinfo=zone) for n in range(3))
    due.mark(JOB, next(night for night in nights if night > now))
