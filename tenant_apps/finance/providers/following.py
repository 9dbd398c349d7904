"""Charges follow what happens without them: an entry that is not owed as it was loses its charge, and what the provider
never told is found by night. Both end in `charges.work_on`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import enqueue, next_daily
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import bells, charges
from tenant_apps.finance.providers.accounts import account
from tenant_apps.finance.providers.errors import ChargeStands
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge, ProviderChargeQuerySet

REFUNDABLE = timedelta(days=45)  # so long after a payment it is looked whether the money went back


@transaction.atomic
def leave(entry: Entry, *, now: datetime) -> ProviderCharge | None:
    """Have the charge of an entry withdrawn, which is owed otherwise now, and then issued anew for what is open.

    Call it under the entry's lock. One that is being issued goes as soon as it is there; one that is paid meanwhile
    counts. The new one comes only when the old one is gone: nobody has two to pay.
    """
    standing = ProviderCharge.objects.standing().filter(entry=entry, is_leaving=False)
    charge = standing.select_for_update(of=("self",)).select_related("entry").first()
    if charge is None:
        return None
    bells.begin_to_leave(charge, actor=None, renews=True, now=now)
    return charge


def refuse_while_charged(entry: Entry) -> None:
    """Raises ChargeStands: with its entry the row would go by which the provider's charge is known."""
    if ProviderCharge.objects.filter(entry=entry).filter(Q(is_leaving=True) | charges.STANDS).exists():
        raise ChargeStands


def compare(*, now: datetime) -> dict[str, int]:
    """Ask about every charge that may be otherwise at the provider, and withdraw those whose entry is not due so.

    Among these are those that the provider would not let go when they were to be replaced.
    """
    if not _is_connected():
        return {}
    settled = Q(entry__cancellation__isnull=False) | Q(entry__paid__gte=F("entry__amount"))
    left = 0
    for charge in ProviderCharge.objects.standing().filter(settled | Q(renews=True), is_leaving=False):
        with transaction.atomic():
            entry = Entry.objects.select_for_update(no_key=True).get(pk=charge.entry_id)
            left += leave(entry, now=now) is not None
    asked = list(_watched(current.today(now)).values_list("pk", flat=True))
    for pk in asked:
        enqueue("finance.work_on_charge", charge_id=pk)
    return {"compared": len(asked), "withdrawn": left}


def next_comparison(now: datetime) -> datetime | None:
    """Where an account is connected and something is open there."""
    if not _is_connected():
        return None
    return next_daily(bells.COMPARE, bells.AT, now=now, zone=current.zone(), first_day=_first_day)


def _first_day(day: date) -> date | None:
    return day if _watched(day).exists() else None


def _watched(day: date) -> ProviderChargeQuerySet:
    """Open there, disputed, or paid not long ago. What is about to be tried again anyhow is left to that."""
    issued = Q(state__in=[ProviderCharge.State.ISSUED, ProviderCharge.State.DISPUTED])
    recently_paid = Q(state=ProviderCharge.State.PAID, payment__paid_on__gte=day - REFUNDABLE)
    return ProviderCharge.objects.filter(issued | Q(is_leaving=True) | recently_paid, try_at=None)


def _is_connected() -> bool:
    found = account()
    return found is not None and found.state == ProviderAccount.State.READY
