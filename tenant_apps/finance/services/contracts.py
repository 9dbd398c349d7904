"""What contracts charge by themselves, and what a visit charges when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shared_apps.core import bulk, formats
from shared_apps.organizations import current
from shared_apps.tenancy.locks import alone
from tenant_apps.activity import services as activity
from tenant_apps.finance import days
from tenant_apps.finance.models import Entry, Kind
from tenant_apps.finance.money import ZERO
from tenant_apps.finance.services.categories import CONTRACTS, SERVICES, default_category
from tenant_apps.finance.services.entries import (
    LONGEST_DESCRIPTION,
    cancel_entry,
    create_entry,
    restore_entry,
    snapshot,
    update_entry,
)
from tenant_apps.finance.services.policy import policy
from tenant_apps.finance.services.recurrences import AHEAD
from tenant_apps.scheduling.models import Appointment, Contract, ContractVariation
from tenant_apps.team.models import Member

MONTHLY = (Contract.Billing.ADVANCE, Contract.Billing.ARREARS)
CATCH_UP = 2  # months: how far back a month that was missed is still charged


@transaction.atomic
def bill_contracts(*, today: date) -> int:
    """Charge each month of each monthly contract once; how many entries. Safe to run twice or at once.

    In advance: a week before the month begins. In arrears: once it is over. A month paused from beginning to end is
    not charged, nor are clients that are archived.
    """
    contracts = _monthly_contracts(today)
    if not contracts:
        return 0
    alone("contracts")
    with current.own_words():
        category, rules = default_category(CONTRACTS), policy()
        made = [
            Entry(
                kind=Kind.RECEIVABLE,
                client_id=contract.client_id,
                category=category,
                description=_monthly(contract, period),
                amount=contract.price,
                issued_on=period,
                due_on=max(_due(contract, period), contract.starts_on),
                late_fee=rules.late_fee,
                interest=rules.interest,
                contract=contract,
                period=period,
            )
            for contract, period in _uncharged(contracts, today)
        ]
    bulk.insert(made)
    activity.record_all(activity.noted(None, "entry.created", entry, after=snapshot(entry)) for entry in made)
    return len(made)


def first_charge(day: date) -> date | None:
    """The first day from `day` on on which a contract charges a month; None: none does."""
    charging = Contract.objects.filter(billing__in=MONTHLY, price__gt=0, client__archival=None)
    if not charging.exists():
        return None
    month = days.first(day)
    turns = [days.shifted(month, ahead) - early for ahead in (1, 2, 3) for early in (AHEAD, timedelta())]
    ahead = [turn for turn in turns if turn > day]
    for turn in (day, *ahead):
        if _uncharged(_monthly_contracts(turn), turn):
            return turn
    later = charging.exclude(ends_on__lt=ahead[-1]).order_by("starts_on").values_list("starts_on", flat=True).first()
    return max(ahead[-1], days.first(later) - AHEAD) if later else None


def _monthly_contracts(today: date) -> list[Contract]:
    """Those that may have a month to charge."""
    last = days.first(today + AHEAD)
    found = Contract.objects.filter(billing__in=MONTHLY, price__gt=0, starts_on__lt=days.shifted(last, 1))
    found = found.exclude(ends_on__lt=days.shifted(last, -CATCH_UP - 2)).filter(client__archival=None)
    return list(found.select_related("continues").prefetch_related("variations").order_by("id"))


def _uncharged(contracts: Sequence[Contract], today: date) -> list[tuple[Contract, date]]:
    """The months that are to be charged and were not."""
    charged: dict[object, set[date]] = {}
    since = days.shifted(days.first(today + AHEAD), -CATCH_UP - 2)
    known = Entry.objects.filter(contract__in=contracts, period__gte=since)
    for pk, period in known.values_list("contract_id", "period"):
        charged.setdefault(pk, set()).add(cast(date, period))
    return [
        (contract, period)
        for contract in contracts
        for period in _periods(contract, today, charged.get(contract.pk, set()))
    ]


@transaction.atomic
def charge_appointment(appointment: Appointment, *, actor: Member | None) -> Entry | None:
    """The receivable of a visit that is done, once. None where it costs nothing.

    Under a monthly contract the visit's own price is an extra, due with the next monthly charge.
    """
    contract = appointment.contract
    price = appointment.price
    if not price and contract is not None and contract.billing == Contract.Billing.VISIT:
        price = contract.price
    alone(f"appointment:{appointment.pk}")
    entry = Entry.objects.filter(appointment=appointment).first()
    if price <= 0:
        return entry
    if entry is not None:
        if entry.cancellation_id is None:
            return entry
        restore_entry(entry, actor=actor)
        return update_entry(entry, actor=actor, amount=price, discount=ZERO)
    with current.own_words():
        day = current.today(appointment.finished_at or appointment.starts_at)
        return create_entry(
            actor=actor,
            kind=Kind.RECEIVABLE,
            client=appointment.client,
            category=default_category(SERVICES),
            description=_visit(appointment, day),
            amount=price,
            issued_on=day,
            due_on=_visit_due(contract, day),
            appointment=appointment,
            contract=contract,
        )[0]


@transaction.atomic
def withdraw_charge(appointment: Appointment, *, actor: Member | None) -> None:
    """The visit is not done after all: what it charges is cancelled, unless something of it was paid."""
    entry = Entry.objects.standing().filter(appointment=appointment, paid=0).first()
    if entry is not None and not entry.payments.standing().exists():
        with current.own_words():
            cancel_entry(entry, actor=actor, reason=_("The visit is not done any more."))


def _periods(contract: Contract, today: date, charged: set[date]) -> Iterable[date]:
    """Months that are to be charged and were not."""
    is_advance = contract.billing == Contract.Billing.ADVANCE
    last = days.first(today + AHEAD) if is_advance else days.shifted(days.first(today), -1)
    period = max(days.shifted(last, -CATCH_UP), days.first(contract.starts_on))
    if not charged:  # what came before the contract was written down here is not charged by itself
        period = max(period, days.first(current.today(contract.created_at)))
    if (before := contract.continues) is not None and before.billing in MONTHLY and contract.starts_on.day > 1:
        period = max(period, days.shifted(days.first(contract.starts_on), 1))  # the month is charged by the one before
    while period <= last:
        ended = contract.ends_on is not None and contract.ends_on < period
        if period not in charged and not ended and not _is_paused(contract, period):
            yield period
        period = days.shifted(period, 1)


def _is_paused(contract: Contract, period: date) -> bool:
    """Whether a pause covers the whole month."""
    end = days.shifted(period, 1) - timedelta(days=1)
    return any(_covers(one, period, end) for one in contract.variations.all() if not one.rrule)


def _covers(pause: ContractVariation, start: date, end: date) -> bool:
    if not pause.is_yearly or pause.ends_on is None:
        return pause.starts_on <= start and (pause.ends_on is None or pause.ends_on >= end)
    length = pause.ends_on - pause.starts_on
    for year in (start.year - 1, start.year):
        if year < pause.starts_on.year:
            continue
        begin = days.on(date(year, pause.starts_on.month, 1), pause.starts_on.day)
        if begin <= start and begin + length >= end:
            return True
    return False


def _due(contract: Contract, period: date) -> date:
    month = period if contract.billing == Contract.Billing.ADVANCE else days.shifted(period, 1)
    return days.on(month, contract.billing_day)


def _visit_due(contract: Contract | None, day: date) -> date:
    if contract is not None and contract.billing in MONTHLY:
        return days.on(days.shifted(days.first(day), 1), contract.billing_day)
    return day + timedelta(days=policy().due_days)


def _monthly(contract: Contract, period: date) -> str:
    month = date_format(period, "F Y")
    return _("%(title)s, %(month)s") % {"title": contract.title[: LONGEST_DESCRIPTION - len(month) - 2], "month": month}


def _visit(appointment: Appointment, day: date) -> str:
    names = dict.fromkeys(str(line.offering) for line in appointment.lines.select_related("offering"))
    what = ", ".join(names) or _("Visit")
    on = formats.date(day)
    return _("%(what)s on %(day)s") % {"what": what[: LONGEST_DESCRIPTION - len(on) - 10], "day": on}
