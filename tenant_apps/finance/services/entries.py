"""Creating, changing, cancelling and restoring entries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.tenancy.locks import alone
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client
from tenant_apps.clients.services.locks import locked
from tenant_apps.finance import days, money
from tenant_apps.finance.errors import EntryNotCancelled, HasPayments
from tenant_apps.finance.models import Category, Entry, EntryCancellation, Kind, Recurrence
from tenant_apps.finance.money import CENT, ZERO
from tenant_apps.finance.services import telling
from tenant_apps.finance.services.locks import locked_entry
from tenant_apps.finance.services.policy import policy
from tenant_apps.finance.signals import entry_changed, entry_removing
from tenant_apps.scheduling.models import Appointment, Contract
from tenant_apps.team.models import Member

FIELDS = (
    "kind", "client", "party", "category", "description", "notes", "amount", "issued_on", "due_on", "discount",
    "discount_until", "late_fee", "interest",
)  # fmt: skip
TERMS = (
    "kind",
    "client",
    "amount",
    "due_on",
    "discount",
    "discount_until",
    "late_fee",
    "interest",
)  # what is due, when
MOST_INSTALMENTS = 120
LONGEST_DESCRIPTION, LONGEST_PARTY, LONGEST_NOTES, LONGEST_REASON = 200, 160, 5000, 300


@transaction.atomic
def create_entry(
    *,
    actor: Member | None,
    kind: str,
    description: str,
    amount: Decimal,
    due_on: date,
    issued_on: date | None = None,
    client: Client | None = None,
    party: str = "",
    category: Category | None = None,
    discount: Decimal | int = 0,
    discount_until: date | None = None,
    late_fee: Decimal | None = None,
    interest: Decimal | None = None,
    notes: str = "",
    appointment: Appointment | None = None,
    contract: Contract | None = None,
    recurrence: Recurrence | None = None,
    period: date | None = None,
    instalments: int = 1,
    id: UUID | None = None,
) -> list[Entry]:
    """Write down what is due: one entry, or `instalments` that come a month apart and whose sum is exactly `amount`.

    Late fee and interest are the policy's for what is to be received, unless given. `issued_on`: today unless given.
    `id` is the page's: sent twice, it is made once. Raises FieldError, ClientArchived.
    """
    if id is not None:
        alone(f"entry:{id}")
        if known := Entry.objects.filter(pk=id).first():
            group = Entry.objects.filter(instalment_group=known.instalment_group or id).order_by("instalment")
            return list(group) or [known]
    if not 1 <= instalments <= MOST_INSTALMENTS:
        text = _("From 1 to %(most)s instalments.")
        raise FieldError("instalments", text, "out_of_range", most=MOST_INSTALMENTS)
    if kind == Kind.RECEIVABLE and (late_fee is None or interest is None):
        rules = policy()
        late_fee = rules.late_fee if late_fee is None else late_fee
        interest = rules.interest if interest is None else interest
    whole = Entry(
        id=id or uuid7(),
        kind=kind,
        client=client,
        party=party,
        category=category,
        description=description,
        notes=notes,
        amount=amount,
        issued_on=issued_on or current.today(),
        due_on=due_on,
        discount=Decimal(discount),
        discount_until=discount_until,
        late_fee=late_fee or ZERO,
        interest=interest or ZERO,
        appointment=appointment,
        contract=contract,
        recurrence=recurrence,
        period=period,
    )
    checked(whole)
    if client is not None and client.is_archived:
        raise ClientArchived
    if category is not None and not category.is_active:
        raise FieldError("category", _("This category is out of use."), "invalid_category")
    made = [whole] if instalments == 1 else _instalments(whole, instalments)
    for entry in made:
        entry.save(force_insert=True)
        activity.record(actor, "entry.created", entry, after=snapshot(entry))
    telling.mark(made)
    return made


def instalments_of(amount: Decimal, due_on: date, count: int) -> list[tuple[date, Decimal]]:
    """When each instalment is due, and its amount."""
    parts = money.split(amount, count)
    return [(days.shifted(due_on, number, anchor=due_on.day), part) for number, part in enumerate(parts)]


@transaction.atomic
def update_entry(
    entry: Entry, *, actor: Member | None, expected: Collection[int] | None = None, **changes: Any
) -> Entry:
    """Change a standing entry. `changes`: see FIELDS. Once something is paid, what it is of and for whom stays, and
    the amount does not go below what was paid.

    Raises NotThere, Stale, EntryCancelled, HasPayments, FieldError, ClientArchived.
    """
    entry = locked_entry(entry.pk, expected=expected)
    before = snapshot(entry)
    for name, value in changes.items():
        setattr(entry, name, value)
    checked(entry)
    after = snapshot(entry)
    if after == before:
        return entry
    if "client" in changes and after["client"] != before["client"] and entry.client and entry.client.is_archived:
        raise ClientArchived
    if entry.paid:
        if any(after[name] != before[name] for name in ("kind", "client")):
            raise HasPayments
        if entry.amount < entry.paid:
            text = _("%(paid)s of it was paid already.")
            raise FieldError("amount", text, "below_paid", paid=str(entry.paid))
        settle(entry)
    entry.version += 1
    entry.save(update_fields=[*FIELDS, "settled_on", "version", "updated_at"])
    activity.record(actor, "entry.updated", entry, before=before, after=after)
    if any(after[name] != before[name] for name in TERMS):
        entry_changed.send(Entry, entry=entry)
    telling.mark([entry])
    return entry


@transaction.atomic
def cancel_entry(
    entry: Entry, *, actor: Member | None, reason: str = "", expected: Collection[int] | None = None
) -> EntryCancellation:
    """It is not due any more; it stays in the book. Raises NotThere, Stale, EntryCancelled, HasPayments."""
    entry = locked_entry(entry.pk, expected=expected)
    if entry.payments.standing().exists():
        raise HasPayments
    cancellation = EntryCancellation.objects.create(entry=entry, by=actor, reason=reason.strip()[:LONGEST_REASON])
    entry.cancellation = cancellation
    entry.version += 1
    entry.save(update_fields=["cancellation", "version", "updated_at"])
    activity.record(actor, "entry.cancelled", entry, after={"reason": cancellation.reason})
    entry_changed.send(Entry, entry=entry)
    return cancellation


@transaction.atomic
def restore_entry(entry: Entry, *, actor: Member | None, expected: Collection[int] | None = None) -> Entry:
    """Due again. Raises NotThere, Stale, EntryNotCancelled."""
    entry = locked(Entry, entry.pk, expected=expected)
    if entry.cancellation_id is None:
        raise EntryNotCancelled
    EntryCancellation.objects.filter(pk=entry.cancellation_id).update(undone_by=actor, undone_at=timezone.now())
    entry.cancellation = None
    entry.version += 1
    entry.save(update_fields=["cancellation", "version", "updated_at"])
    activity.record(actor, "entry.restored", entry)
    return entry


@transaction.atomic
def delete_entry(entry: Entry, *, actor: Member | None, expected: Collection[int] | None = None) -> None:
    """Take away what was written by mistake. What ever had a payment stays. Raises NotThere, Stale, HasPayments."""
    entry = locked(Entry, entry.pk, expected=expected)
    if entry.payments.exists():
        raise HasPayments
    entry_removing.send(Entry, entry=entry)
    activity.record(actor, "entry.deleted", entry, before=snapshot(entry))
    if entry.cancellation_id is not None:
        Entry.objects.filter(pk=entry.pk).update(cancellation=None)
    entry.delete()


def move_entries(source: Client, target: Client) -> int:
    """What one record of a client owes becomes another's, because the two are one now. Returns how many entries."""
    Recurrence.objects.filter(client=source).update(client=target)
    return Entry.objects.filter(client=source).update(client=target, version=F("version") + 1)


def settle(entry: Entry) -> None:
    """Set the day on which it was paid in whole, from its standing payments."""
    last = entry.payments.standing().order_by("-paid_on").first() if entry.paid >= entry.amount else None
    entry.settled_on = last.paid_on if last else None


def checked(entry: Entry) -> None:
    """Tidy what was given and refuse what is not right. Raises FieldError."""
    if entry.kind not in Kind.values:
        raise FieldError("kind", _("Receivable or payable."), "invalid_choice")
    entry.description = " ".join(entry.description.split())
    entry.party, entry.notes = " ".join(entry.party.split()), entry.notes.strip()
    limits = {"description": LONGEST_DESCRIPTION, "party": LONGEST_PARTY, "notes": LONGEST_NOTES}
    for name, limit in limits.items():
        if len(getattr(entry, name)) > limit:
            raise FieldError(name, _("At most %(limit)s characters."), "max_length", limit=limit)
    if not entry.description:
        raise FieldError("description", _("Say what it is for."), "required")
    entry.amount = money.amount("amount", entry.amount)
    entry.discount = money.amount("discount", entry.discount, least=ZERO)
    if entry.discount >= entry.amount:
        raise FieldError("discount", _("The discount must be less than the amount."), "out_of_range")
    entry.late_fee = money.percentage("late_fee", entry.late_fee)
    entry.interest = money.percentage("interest", entry.interest)
    for name in ("issued_on", "due_on", "discount_until"):
        if day := getattr(entry, name):
            days.checked(name, day)
    if entry.discount_until and entry.discount_until > entry.due_on:
        raise FieldError("discount_until", _("A discount ends on the due date at the latest."), "out_of_range")
    if entry.category is not None and entry.category.kind != entry.kind:
        raise FieldError("category", _("This category is not for this kind of entry."), "invalid_category")


def snapshot(entry: Entry) -> dict[str, Any]:
    """The fields people edit, with identifiers for what they point at."""
    return {name: getattr(entry, Entry._meta.get_field(name).attname) for name in FIELDS} | {  # type: ignore[union-attr] # columns
        "client": entry.client_id,
        "category": entry.category_id,
    }


def _instalments(whole: Entry, count: int) -> list[Entry]:
    if whole.amount < CENT * count:
        raise FieldError("instalments", _("Each instalment needs an amount of its own."), "out_of_range")
    if whole.appointment_id or whole.contract_id or whole.recurrence_id:
        raise FieldError("instalments", _("What a visit or a contract charges is one entry."), "not_allowed")
    discounts = money.split(whole.discount, count)
    made = []
    for number, (due_on, part) in enumerate(instalments_of(whole.amount, whole.due_on, count)):
        shared = {name: getattr(whole, name) for name in FIELDS}
        entry = Entry(**shared, instalment_group=whole.pk, instalment=number + 1, instalments=count)
        entry.id = whole.pk if number == 0 else uuid7()
        entry.amount, entry.due_on, entry.discount = part, days.checked("instalments", due_on), discounts[number]
        if entry.discount >= entry.amount:
            raise FieldError("discount", _("The discount must be less than the amount."), "out_of_range")
        if whole.discount_until:
            entry.discount_until = days.shifted(whole.discount_until, number)
        made.append(entry)
    return made
