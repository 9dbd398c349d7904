"""Changing a contract's visit: this one, this and those after it, or all to come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError, Stale
from shared_apps.organizations import current
from tenant_apps.scheduling import local, rules
from tenant_apps.scheduling.models import Appointment, Contract
from tenant_apps.scheduling.services.appointments import update_appointment
from tenant_apps.scheduling.services.contracts import split_contract, update_contract
from tenant_apps.scheduling.services.locks import changeable_appointment
from tenant_apps.team.models import Member

SAME = ("notes", "place", "lines", "member_ids")  # said of a contract in the same words


@transaction.atomic
def change_visit(
    appointment: Appointment,
    *,
    actor: Member | None,
    scope: str = "this",
    expected: Collection[int] | None = None,
    overrule: bool = False,
    **changes: Any,
) -> Appointment:
    """`changes`: what `update_appointment` takes. With the scope "following" or "all" the contract is changed, and the
    visit with it. Returns the visit, or the one that is in its stead.

    Raises what `update_appointment`, `update_contract` and `split_contract` raise.
    """
    if scope == "this" or appointment.contract_id is None:
        return update_appointment(appointment, actor=actor, expected=expected, overrule=overrule, **changes)
    appointment = changeable_appointment(appointment.pk, expected=expected)
    contract = appointment.contract
    if contract is None:  # removed a moment ago
        raise Stale(version=appointment.version)
    wanted = {name: changes[name] for name in SAME if name in changes}
    day = _times(appointment, contract, changes, wanted)
    if changes.get("price") is not None:
        if contract.billing != Contract.Billing.VISIT:
            raise FieldError("price", _("This contract is not billed by the visit."), "not_by_visit")
        wanted["price"] = changes["price"]
    if appointment.is_detached:  # it is the pattern of the others, so it is one of them
        Appointment.objects.filter(pk=appointment.pk).update(is_detached=False)
    occurrence = appointment.occurrence_on or day
    if scope == "all":
        contract = update_contract(contract, actor=actor, overrule=overrule, **wanted)
    else:
        first = min(occurrence, day)
        contract = split_contract(contract, actor=actor, from_day=first, overrule=overrule, **wanted)
    found = Appointment.objects.filter(contract=contract, occurrence_on__in=[day, occurrence]).order_by("occurrence_on")
    return found.filter(occurrence_on=day).first() or found.first() or appointment


def _times(appointment: Appointment, contract: Contract, changes: dict[str, Any], wanted: dict[str, Any]) -> date:
    """What new times of one visit mean for the series; returns the visit's day."""
    zone = current.zone()
    start = changes.get("starts_at") or appointment.starts_at
    end = changes.get("ends_at") or appointment.ends_at
    day = local.day_of(start, zone)
    if end <= start:
        raise FieldError("ends_at", _("The end comes after the start."), "end_before_start")
    if "starts_at" in changes or "ends_at" in changes:
        wanted["time"] = start.astimezone(zone).time().replace(tzinfo=None)
        wanted["duration_minutes"] = int((end - start).total_seconds() // 60)
    if "arrival_until" in changes:
        until = changes["arrival_until"]
        wanted["arrival_minutes"] = max(0, int((until - start).total_seconds() // 60)) if until else 0
    if appointment.occurrence_on is not None and day != appointment.occurrence_on:
        wanted["rrule"] = _shifted(contract, appointment.occurrence_on, day)
    return day


def _shifted(contract: Contract, old: date, new: date) -> str:
    """The contract's rule on the new day, where that is plain: a weekday of its own, or one day of the month."""
    rule = rules.of(contract.rrule)
    weeks_apart = (new.toordinal() - 1) // 7 - (old.toordinal() - 1) // 7
    if rule.freq == "WEEKLY" and not rule.positions:
        others = {day for _nth, day in rule.days} - {old.weekday()}
        is_near = weeks_apart == 0 or (rule.interval == 1 and not others)
        if is_near and new.weekday() not in others:
            return str(replace(rule, days=tuple((0, day) for day in sorted({*others, new.weekday()}))))
    is_by_day = rule.freq == "MONTHLY" and not rule.days and len(rule.month_days) < 2 and not rule.positions
    if is_by_day and (new.year, new.month) == (old.year, old.month):
        return str(replace(rule, month_days=(new.day,)))
    message = _("To move the whole series to other days, change the contract.")
    raise FieldError("starts_at", message, "unsupported_scope")
