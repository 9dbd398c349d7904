"""What has a task work on a charge: it is asked for, it is to go, or its turn comes again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.activity import services as activity
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tenant_apps.team.models import Member

RETRY = "finance.provider_charges"
COMPARE, AT = "finance.compare_charges", time(4, 30)  # local: see following.py
FIRST_WAIT, LAST_WAIT = timedelta(minutes=2), timedelta(hours=6)


def begin(entry: Entry, account: ProviderAccount, *, actor: Member | None, now: datetime) -> ProviderCharge:
    """A charge of what is open is to be issued. The entry is locked, and no other charge of it stands."""
    charge = ProviderCharge.objects.create(entry=entry, provider=account.provider, by=actor)
    due.mark(COMPARE, _next_night(now))
    activity.record(actor, "charge.asked", entry, after={"charge": charge.pk, "amount": entry.open_amount})
    try_again(charge, at=now + FIRST_WAIT)
    enqueue("finance.work_on_charge", charge_id=charge.pk)
    return charge


def begin_to_leave(charge: ProviderCharge, *, actor: Member | None, renews: bool, now: datetime) -> None:
    """From here on a task withdraws it, and then issues another if it `renews`. The row is locked."""
    charge.is_leaving, charge.renews = True, renews
    charge.save(update_fields=["is_leaving", "renews"])
    activity.record(actor, "charge.withdrawn", charge.entry, after={"charge": charge.pk})
    try_again(charge, at=now + FIRST_WAIT)
    enqueue("finance.work_on_charge", charge_id=charge.pk)


def try_again(charge: ProviderCharge, *, at: datetime) -> None:
    charge.try_at = at
    charge.save(update_fields=["try_at"])
    due.mark(RETRY, at)


def pause(attempts: int) -> timedelta:
    return min(FIRST_WAIT * 2 ** min(attempts, 12), LAST_WAIT)


def _next_night(now: datetime) -> datetime:
    local = now.astimezone(current.zone())
    at = local.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)
