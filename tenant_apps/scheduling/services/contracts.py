"""Contracts: what repeats for a client. Each change fits the visits to come to it, or is refused as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client
from tenant_apps.clients.services.locks import locked_client
from tenant_apps.scheduling import guards, local, rules
from tenant_apps.scheduling.errors import ContractEnded, ContractHasVisits
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Appointment, Contract, ContractVariation, Line
from tenant_apps.scheduling.services import series
from tenant_apps.scheduling.services.locks import locked_contract
from tenant_apps.scheduling.services.states import BEFORE
from tenant_apps.scheduling.signals import contract_changed
from tenant_apps.team.models import Member

JOB = "scheduling.generate_visits"
NIGHT = time(2)
FIELDS = (
    "title", "notes", "rrule", "starts_on", "ends_on", "time", "duration_minutes", "arrival_minutes", "member_ids",
    "billing", "price", "billing_day", "place_id",
)  # fmt: skip
TOLD = ("rrule", "starts_on", "ends_on", "time", "arrival_minutes", "member_ids", "place_id")  # what people wait for
Expected = Collection[int] | None


@transaction.atomic
def create_contract(
    *,
    actor: Member | None,
    client: Client,
    lines: Sequence[LineGiven] = (),
    place: UUID | None = None,
    overrule: bool = False,
    **fields: Any,
) -> Contract:
    """Agree on a recurring service and make its first visits. `fields`: see FIELDS; `rrule`, `starts_on` and `time` are
    required. `overrule`: visits whose professional is taken are made without one.

    Raises NotThere, ClientArchived, FieldError, SeriesCollides.
    """
    now = timezone.now()
    contract = Contract(client=locked_client(client.pk), **fields)
    contract.place = guards.place_of(contract.client, place)
    made = guards.lines(lines, contract.client, contract.place)
    _check(contract, made, today=local.day_of(now))
    contract.save(force_insert=True)
    _keep_lines(contract, made)
    activity.record(actor, "contract.created", contract, after=snapshot(contract, made))
    fit_visits(contract, now, actor=actor, overrule=overrule, change="created")
    return contract


@transaction.atomic
def update_contract(
    contract: Contract,
    *,
    actor: Member | None,
    expected: Expected = None,
    lines: Sequence[LineGiven] | None = None,
    overrule: bool = False,
    **changes: Any,
) -> Contract:
    """Change the whole series: visits to come follow, but for those that were changed by themselves.

    Raises NotThere, Stale, ClientArchived, FieldError, SeriesCollides.
    """
    now = timezone.now()
    contract = changeable(contract, expected)
    return _change(contract, actor, now, lines=lines, overrule=overrule, changes=changes)


@transaction.atomic
def split_contract(
    contract: Contract,
    *,
    actor: Member | None,
    from_day: date,
    expected: Expected = None,
    lines: Sequence[LineGiven] | None = None,
    overrule: bool = False,
    **changes: Any,
) -> Contract:
    """Change "this and following": the contract ends the day before and another goes on with the changes, taking the
    visits from `from_day` on along. Returns the one that goes on, which is the same when there is nothing before.

    Raises NotThere, Stale, ClientArchived, ContractEnded, FieldError, SeriesCollides.
    """
    now = timezone.now()
    contract = changeable(contract, expected)
    if contract.ends_on and from_day > contract.ends_on:
        raise ContractEnded
    if from_day <= contract.starts_on:
        return _change(contract, actor, now, lines=lines, overrule=overrule, changes=changes)
    had = list(contract.lines.all())
    follower = Contract.objects.filter(continues=contract).first()
    if follower is not None:
        Contract.objects.filter(pk=follower.pk).update(continues=None)
    new = Contract(client=contract.client, continues=contract)
    for name in FIELDS:
        setattr(new, name, getattr(contract, name))
    new.starts_on = _next_start(contract, from_day, is_same_rule="rrule" not in changes)
    contract.ends_on = from_day - timedelta(days=1)
    _save(contract, "ends_on")
    new.save(force_insert=True)
    if follower is not None:
        Contract.objects.filter(pk=follower.pk).update(continues=new)
    _keep_lines(new, [_copy(line) for line in had])
    ContractVariation.objects.bulk_create(
        ContractVariation(
            contract=new,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            is_yearly=one.is_yearly,
            rrule=one.rrule,
            reason=one.reason,
            by=one.by,
        )
        for one in contract.variations.order_by("created_at", "pk")
        if one.is_yearly or one.ends_on is None or one.ends_on >= from_day
    )
    Appointment.objects.filter(contract=contract, occurrence_on__gte=from_day).update(contract=new)
    activity.record(actor, "contract.split", contract, after={"ends_on": contract.ends_on, "continued_by": new.pk})
    return _change(new, actor, now, lines=lines, overrule=overrule, changes=changes)


def _next_start(contract: Contract, from_day: date, *, is_same_rule: bool) -> date:
    """The first visit from that day on: "every 2 weeks" counts on from it, and its weekday stays."""
    last = contract.ends_on or from_day + timedelta(days=rules.MOST_DAYS)
    days = rules.days_between(contract.rrule, contract.starts_on, from_day, last) if is_same_rule else []
    return days[0] if days else from_day


@transaction.atomic
def end_contract(contract: Contract, *, actor: Member | None, ends_on: date, expected: Expected = None) -> Contract:
    """Its last day; visits after it are taken away. Raises NotThere, Stale, FieldError."""
    return update_contract(contract, actor=actor, expected=expected, ends_on=ends_on)


@transaction.atomic
def remove_contract(contract: Contract, *, actor: Member | None, expected: Expected = None) -> None:
    """Take away a contract that was a mistake, with its visits. Raises NotThere, Stale, ContractHasVisits."""
    contract = locked_contract(contract.pk, expected=expected)
    if contract.appointments.exclude(status__in=BEFORE).exists():
        raise ContractHasVisits
    activity.record(actor, "contract.removed", contract, before=snapshot(contract, list(contract.lines.all())))
    contract.appointments.all().delete()
    contract.delete()


def changeable(contract: Contract, expected: Expected) -> Contract:
    contract = locked_contract(contract.pk, expected=expected)
    if contract.client.is_archived:
        raise ClientArchived
    return contract


def _change(
    contract: Contract,
    actor: Member | None,
    now: datetime,
    *,
    lines: Sequence[LineGiven] | None,
    overrule: bool,
    changes: dict[str, Any],
) -> Contract:
    had = list(contract.lines.select_related("offering"))
    before = snapshot(contract, had)
    for name, value in changes.items():
        if name == "place":
            contract.place = guards.place_of(contract.client, value)
        else:
            setattr(contract, name, value)
    made = had if lines is None else guards.lines(lines, contract.client, contract.place, kept=had)
    _check(contract, made, today=local.day_of(now), was=before)
    after = snapshot(contract, made)
    if after != before:
        _save(contract, *FIELDS)
        if lines is not None:
            _keep_lines(contract, made)
        activity.record(actor, "contract.updated", contract, before=before, after=after)
    is_told = any(after[name] != before[name] for name in TOLD)
    fit_visits(contract, now, actor=actor, overrule=overrule, change="changed" if is_told else "noted")
    return contract


def _check(contract: Contract, lines: Sequence[Line], *, today: date, was: dict[str, Any] | None = None) -> None:
    """Raises FieldError. What `was` there already is not refused anew for being long ago."""
    contract.title = " ".join(guards.text(contract.title, "title", most=120).split())
    contract.title = contract.title or ", ".join(str(line.offering) for line in lines)[:120] or _("Regular visit")
    contract.notes = guards.text(contract.notes, "notes")
    contract.rrule = str(rules.parsed(contract.rrule))
    if was is None or was["starts_on"] != contract.starts_on:
        guards.day_within(contract.starts_on, "starts_on", today=today)
    if contract.ends_on is not None and contract.ends_on < contract.starts_on:
        raise FieldError("ends_on", _("The end comes after the start."), "end_before_start")
    guards.minutes(contract.duration_minutes, "duration_minutes")
    if contract.arrival_minutes:
        guards.minutes(contract.arrival_minutes, "arrival_minutes")
    if contract.arrival_minutes > contract.duration_minutes:
        message = _("The arrival window lies between the start and the end.")
        raise FieldError("arrival_minutes", message, "outside_appointment")
    if contract.billing not in Contract.Billing.values:
        raise FieldError("billing", _("Choose how it is billed."), "invalid_choice")
    contract.price = guards.amount(contract.price, "price")
    if not 1 <= contract.billing_day <= 31:
        raise FieldError("billing_day", _("A day from 1 to 31."), "out_of_range")
    wanted = list(dict.fromkeys(contract.member_ids))
    if was is None or wanted != was["member_ids"]:  # one who left may stay until somebody changes who goes
        guards.members(wanted)
    contract.member_ids = wanted


def fit_visits(
    contract: Contract, now: datetime, *, actor: Member | None, overrule: bool, change: str = "changed"
) -> None:
    """Have the visits to come follow a contract that changed, and say so once. `change`: see signals.py."""
    gone = series.fit(contract, today=local.day_of(now), now=now, overrule=overrule)
    due.mark(JOB, next_night(now))
    contract_changed.send(Contract, contract=contract, actor=actor, change=change, gone=gone)


def next_night(now: datetime) -> datetime:
    """02:00 where the organization is, of the coming night."""
    zone = current.zone()
    nights = (local.moment(local.day_of(now, zone) + timedelta(days=n), NIGHT, zone) for n in range(3))
    return next(night for night in nights if night > now)


def next_generation() -> datetime | None:
    """When visits must be made again: each night while a contract runs."""
    now = timezone.now()
    today = local.day_of(now)
    runs = Contract.objects.exclude(ends_on__lt=today).exists()
    return next_night(now) if runs else None


def _save(contract: Contract, *fields: str) -> None:
    contract.version += 1
    contract.save(
        update_fields=[
            *(name.removesuffix("_id") if name == "place_id" else name for name in fields),
            "version",
            "updated_at",
        ]
    )


def _keep_lines(contract: Contract, made: Sequence[Line]) -> None:
    contract.lines.all().delete()
    for line in made:
        line.contract = contract
    Line.objects.bulk_create(made)


def _copy(line: Line) -> Line:
    return Line(
        offering_id=line.offering_id,
        asset_id=line.asset_id,
        quantity=line.quantity,
        price=line.price,
        position=line.position,
    )


def snapshot(contract: Contract, lines: Sequence[Line]) -> dict[str, Any]:
    said = [f"{line.offering} × {line.quantity.normalize():f} = {line.price}" for line in lines]
    return {**{name: getattr(contract, name) for name in FIELDS}, "lines": said}
