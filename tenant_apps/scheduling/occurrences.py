"""The visits that a contract asks for: its rule, what varies it, and the days on which this firm works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tenant_apps.scheduling import local, rules
from tenant_apps.scheduling.availability import Plan
from tenant_apps.scheduling.models import Contract, ContractVariation


@dataclass(frozen=True, slots=True)
class Occurrence:
    day: date
    starts_at: datetime
    ends_at: datetime
    arrival_until: datetime | None


def of_contract(
    contract: Contract, variations: Sequence[ContractVariation], first: date, last: date, plan: Plan
) -> list[Occurrence]:
    """Those from `first` to `last`; not on holidays and days on which the firm is closed."""
    return [at(contract, day, plan.zone) for day in days_of(contract, variations, first, last) if plan.firm_works(day)]


def days_of(contract: Contract, variations: Sequence[ContractVariation], first: date, last: date) -> list[date]:
    """The days that the rule gives, or, while a variation is in force, its rule; the latest one counts."""
    first = max(first, contract.starts_on)
    last = min(last, contract.ends_on) if contract.ends_on else last
    if last < first:
        return []
    latest_first = sorted(variations, key=lambda one: (one.created_at, one.pk), reverse=True)
    by_rule = {
        rule: set(rules.days_between(rule, contract.starts_on, first, last))
        for rule in {contract.rrule, *(one.rrule for one in latest_first if one.rrule)}
    }
    found = []
    for day in sorted(set().union(*by_rule.values())):
        governing = next((one for one in latest_first if covers(one, day)), None)
        rule = contract.rrule if governing is None else governing.rrule
        if rule and day in by_rule[rule]:
            found.append(day)
    return found


def covers(variation: ContractVariation, day: date) -> bool:
    """Whether it is in force on this day. A yearly one may run over the new year."""
    if day < variation.starts_on:
        return False
    if variation.ends_on is None:
        return True
    if not variation.is_yearly:
        return day <= variation.ends_on
    starts, ends, this = ((one.month, one.day) for one in (variation.starts_on, variation.ends_on, day))
    return starts <= this <= ends if starts <= ends else this >= starts or this <= ends


def at(contract: Contract, day: date, zone: ZoneInfo) -> Occurrence:
    starts_at = local.moment(day, contract.time, zone)
    window = timedelta(minutes=contract.arrival_minutes)
    ends_at = starts_at + timedelta(minutes=contract.duration_minutes)
    return Occurrence(day, starts_at, ends_at, starts_at + window if window else None)
