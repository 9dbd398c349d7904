"""Entries that come back every month, such as rent. Each month's is made once, a week before the month begins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core import bulk
from shared_apps.core.errors import FieldError
from shared_apps.tenancy.locks import alone
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.services.locks import locked
from tenant_apps.finance import days, money
from tenant_apps.finance.models import Entry, FinancePolicy, Kind, Recurrence
from tenant_apps.finance.services.entries import LONGEST_DESCRIPTION, LONGEST_PARTY, snapshot
from tenant_apps.finance.services.marking import mark_night
from tenant_apps.finance.services.policy import policy
from tenant_apps.team.models import Member

AHEAD = timedelta(days=7)  # a month's entries are there this long before it begins
FURTHEST_BACK = 12  # months: a recurrence does not begin earlier than this
FIELDS = ("kind", "client", "party", "category", "description", "amount", "day", "starts_on", "ends_on")


@transaction.atomic
def create_recurrence(*, actor: Member | None, today: date, **fields: Any) -> Recurrence:
    """`fields`: see FIELDS. What is due by now is made at once. Raises FieldError, ClientArchived."""
    made = Recurrence(**fields)
    _check(made, today)
    if made.client is not None and made.client.is_archived:
        raise ClientArchived
    made.save(force_insert=True)
    activity.record(actor, "recurrence.created", made, after=_shown(made))
    generate_recurrences(today=today)
    mark_night(timezone.now())
    made.refresh_from_db()
    return made


@transaction.atomic
def update_recurrence(
    recurrence: Recurrence,
    *,
    actor: Member | None,
    today: date,
    expected: Collection[int] | None = None,
    **changes: Any,
) -> Recurrence:
    """Entries made already stay as they are. Raises NotThere, Stale, FieldError."""
    kept = locked(Recurrence, recurrence.pk, expected=expected)
    before = _shown(kept)
    for name, value in changes.items():
        setattr(kept, name, value)
    _check(kept, today if kept.starts_on != before["starts_on"] else None)
    after = _shown(kept)
    if after != before:
        kept.version += 1
        kept.save(update_fields=[*FIELDS, "version", "updated_at"])
        activity.record(actor, "recurrence.updated", kept, before=before, after=after)
        generate_recurrences(today=today)
        mark_night(timezone.now())
        kept.refresh_from_db()
    return kept


@transaction.atomic
def remove_recurrence(recurrence: Recurrence, *, actor: Member | None, expected: Collection[int] | None = None) -> None:
    """Nothing comes back any more; what was made stays. Raises NotThere, Stale."""
    kept = locked(Recurrence, recurrence.pk, expected=expected)
    activity.record(actor, "recurrence.removed", kept, before=_shown(kept))
    kept.delete()


@transaction.atomic
def generate_recurrences(*, today: date) -> int:
    """Make the entries of every month that has begun or begins soon; how many. Safe to run twice or at once."""
    last = days.first(today + AHEAD)
    behind = Q(generated_until=None) | Q(generated_until__lt=last)
    due = Recurrence.objects.filter(behind, starts_on__lt=days.shifted(last, 1))
    if not due.exists():
        return 0
    alone("recurrences")
    found = list(due.select_related("client__archival").defer("client__search"))
    rules = policy()
    made = [entry for recurrence in found for entry in _entries(recurrence, last, rules)]
    known = set(Entry.objects.filter(recurrence__in=found).values_list("recurrence_id", "period"))
    made = [entry for entry in made if (entry.recurrence_id, entry.period) not in known]
    bulk.insert(made)
    activity.record_all(activity.noted(None, "entry.created", entry, after=snapshot(entry)) for entry in made)
    Recurrence.objects.filter(pk__in=[one.pk for one in found]).update(generated_until=last)
    return len(made)


def _entries(recurrence: Recurrence, last: date, rules: FinancePolicy) -> list[Entry]:
    if recurrence.client is not None and recurrence.client.is_archived:
        return []
    begun = recurrence.generated_until
    month = days.shifted(begun, 1) if begun else days.first(recurrence.starts_on)
    is_receivable = recurrence.kind == Kind.RECEIVABLE
    made = []
    while month <= last:
        due_on = days.on(month, recurrence.day)
        if due_on >= recurrence.starts_on and (recurrence.ends_on is None or due_on <= recurrence.ends_on):
            made.append(
                Entry(
                    kind=recurrence.kind,
                    client_id=recurrence.client_id,
                    party=recurrence.party,
                    category_id=recurrence.category_id,
                    description=recurrence.description,
                    amount=recurrence.amount,
                    issued_on=month,
                    due_on=due_on,
                    late_fee=rules.late_fee if is_receivable else Decimal(0),
                    interest=rules.interest if is_receivable else Decimal(0),
                    recurrence=recurrence,
                    period=month,
                )
            )
        month = days.shifted(month, 1)
    return made


def _check(recurrence: Recurrence, today: date | None) -> None:
    if recurrence.kind not in Kind.values:
        raise FieldError("kind", _("Receivable or payable."), "invalid_choice")
    recurrence.description = " ".join(recurrence.description.split())
    recurrence.party = " ".join(recurrence.party.split())
    for name, limit in (("description", LONGEST_DESCRIPTION), ("party", LONGEST_PARTY)):
        if len(getattr(recurrence, name)) > limit:
            raise FieldError(name, _("At most %(limit)s characters."), "max_length", limit=limit)
    if not recurrence.description:
        raise FieldError("description", _("Say what it is for."), "required")
    recurrence.amount = money.amount("amount", recurrence.amount)
    if not 1 <= recurrence.day <= 31:
        raise FieldError("day", _("A day from 1 to 31."), "out_of_range")
    for name in ("starts_on", "ends_on"):
        if day := getattr(recurrence, name):
            days.checked(name, day)
    if today is not None and recurrence.starts_on < days.shifted(days.first(today), -FURTHEST_BACK):
        text = _("It may begin %(months)s months ago at the earliest.")
        raise FieldError("starts_on", text, "too_early", months=FURTHEST_BACK)
    if recurrence.ends_on and recurrence.ends_on < recurrence.starts_on:
        raise FieldError("ends_on", _("The end is before the beginning."), "out_of_range")
    if recurrence.category is not None and recurrence.category.kind != recurrence.kind:
        raise FieldError("category", _("This category is not for this kind of entry."), "invalid_category")


def _shown(recurrence: Recurrence) -> dict[str, Any]:
    plain = {name: getattr(recurrence, name) for name in FIELDS if name not in ("client", "category")}
    return plain | {"client": recurrence.client_id, "category": recurrence.category_id}
