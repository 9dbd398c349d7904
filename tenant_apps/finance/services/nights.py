"""When entries come by themselves: at 03:00, in the nights on which a month's are due and in no others.

Who makes something that comes back marks the coming night (`marking.py`); after each run, and in the engine's nightly
sweep, `next_entries` says which night is next.
"""

from __future__ import annotations

from datetime import date, datetime

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import next_daily
from tenant_apps.finance import days
from tenant_apps.finance.models import Recurrence
from tenant_apps.finance.services.contracts import first_charge
from tenant_apps.finance.services.marking import AT, JOB
from tenant_apps.finance.services.recurrences import AHEAD


def next_entries(now: datetime) -> datetime | None:
    """When the job must run next; None while nothing comes back."""
    return next_daily(JOB, AT, now=now, zone=current.zone(), first_day=_first_day)


def _first_day(day: date) -> date | None:
    """The first day from `day` on on which there is an entry to make."""
    return min(filter(None, (_recurrence(day), first_charge(day))), default=None)


def _recurrence(day: date) -> date | None:
    found = []
    for begun, starts_on, ends_on in Recurrence.objects.values_list("generated_until", "starts_on", "ends_on"):
        month = max(days.first(starts_on), days.shifted(begun, 1) if begun else days.first(starts_on))
        if ends_on is None or ends_on >= month:
            found.append(max(day, month - AHEAD))
    return min(found, default=None)
