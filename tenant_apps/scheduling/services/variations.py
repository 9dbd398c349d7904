"""Pauses and seasons of a contract."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError, NotThere
from tenant_apps.activity import services as activity
from tenant_apps.scheduling import guards, local, rules
from tenant_apps.scheduling.models import Contract, ContractVariation
from tenant_apps.scheduling.services.contracts import changeable, fit_visits
from tenant_apps.team.models import Member

MOST = 50


@transaction.atomic
def vary_contract(
    contract: Contract,
    *,
    actor: Member | None,
    starts_on: date,
    ends_on: date | None = None,
    is_yearly: bool = False,
    rrule: str = "",
    reason: str = "",
    overrule: bool = False,
) -> ContractVariation:
    """From a day until another (None: until further notice) the contract rests (no `rrule`) or has another rhythm, once
    or every year. Visits to come follow. Raises NotThere, ClientArchived, FieldError, SeriesCollides.
    """
    now = timezone.now()
    contract = changeable(contract, None)
    guards.day_within(starts_on, "starts_on", today=local.day_of(now))
    if ends_on is not None and ends_on < starts_on:
        raise FieldError("ends_on", _("The end comes after the start."), "end_before_start")
    if is_yearly and (ends_on is None or (ends_on - starts_on).days > 364):
        raise FieldError("ends_on", _("A season ends within a year."), "too_long")
    if contract.variations.count() >= MOST:
        raise FieldError("starts_on", _("A contract has at most 50 pauses and seasons."), "too_many")
    made = ContractVariation.objects.create(
        contract=contract,
        starts_on=starts_on,
        ends_on=ends_on,
        is_yearly=is_yearly,
        rrule=str(rules.parsed(rrule)) if rrule.strip() else "",
        reason=guards.text(reason, "reason", most=200),
        by=actor,
    )
    _told(contract, made, actor, "contract.varied" if made.rrule else "contract.paused")
    fit_visits(contract, now, actor=actor, overrule=overrule)
    return made


def pause_contract(
    contract: Contract, *, actor: Member | None, starts_on: date, ends_on: date | None = None, reason: str = ""
) -> ContractVariation:
    """No visits from a day on. Raises what `vary_contract` raises."""
    return vary_contract(contract, actor=actor, starts_on=starts_on, ends_on=ends_on, reason=reason)


@transaction.atomic
def resume_contract(contract: Contract, *, actor: Member | None, on: date, overrule: bool = False) -> Contract:
    """Visits again from this day on: pauses in force end the day before, later ones fall away. Seasons stay.

    Raises NotThere, ClientArchived, SeriesCollides.
    """
    now = timezone.now()
    contract = changeable(contract, None)
    pauses = contract.variations.filter(rrule="", is_yearly=False).exclude(ends_on__lt=on)
    ended = pauses.filter(starts_on__lt=on).update(ends_on=on - timedelta(days=1))
    dropped, _by_model = pauses.filter(starts_on__gte=on).delete()
    if ended or dropped:
        activity.record(actor, "contract.resumed", contract, after={"on": on})
    fit_visits(contract, now, actor=actor, overrule=overrule)
    return contract


@transaction.atomic
def remove_variation(variation: ContractVariation, *, actor: Member | None, overrule: bool = False) -> None:
    """As if it had never been said. Raises NotThere, ClientArchived, SeriesCollides."""
    now = timezone.now()
    contract = changeable(variation.contract, None)
    found = contract.variations.filter(pk=variation.pk).first()
    if found is None:
        raise NotThere
    found.delete()
    _told(contract, variation, actor, "contract.variation_removed")
    fit_visits(contract, now, actor=actor, overrule=overrule)


def _told(contract: Contract, variation: ContractVariation, actor: Member | None, verb: str) -> None:
    names = ("starts_on", "ends_on", "is_yearly", "rrule", "reason")
    activity.record(actor, verb, contract, after={name: getattr(variation, name) for name in names})
