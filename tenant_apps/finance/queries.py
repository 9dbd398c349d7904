"""The list of entries: narrow statements, straight to JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from tenant_apps.clients import words
from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry, EntryQuerySet, Payment
from tenant_apps.finance.states import in_state, state_column

ROW = (
    "id", "kind", "state", "description", "client", "client_name", "party", "category", "category_name", "amount",
    "paid", "issued_on", "due_on", "settled_on", "instalment", "instalments", "appointment", "contract", "version",
    "created_at", "updated_at",
)  # fmt: skip
ORDERINGS = {
    "due_on": ("due_on", "id"),
    "-due_on": ("-due_on", "-id"),
    "amount": ("amount", "id"),
    "-amount": ("-amount", "-id"),
    "issued_on": ("issued_on", "id"),
    "-issued_on": ("-issued_on", "-id"),
}


def has_index(ordering: tuple[str, ...]) -> bool:
    """Whether entries can be read in this order without sorting them all."""
    return "amount" not in ordering[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries somebody asks for. `state`: see states.in_state."""

    search: str = ""
    kind: str = ""
    state: str = ""
    client: UUID | None = None
    category: UUID | None = None
    contract: UUID | None = None
    group: UUID | None = None
    due_from: date | None = None
    due_until: date | None = None
    issued_from: date | None = None
    issued_until: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether few rows are likely, so that they are counted before they are read."""
        return bool(self.search or self.client or self.category or self.contract or self.group)


def entries(wanted: Wanted, *, today: date) -> EntryQuerySet:
    found = Entry.objects.filter(in_state(wanted.state, today))
    equal = {
        "kind": wanted.kind,
        "client_id": wanted.client,
        "category_id": wanted.category,
        "contract_id": wanted.contract,
        "instalment_group": wanted.group,
        "due_on__gte": wanted.due_from,
        "due_on__lte": wanted.due_until,
        "issued_on__gte": wanted.issued_from,
        "issued_on__lte": wanted.issued_until,
    }
    found = found.filter(**{name: value for name, value in equal.items() if value})
    for word in wanted.search.split()[:8]:
        names = Client.objects.with_words(words.query(word)).values("pk")
        found = found.filter(Q(description__icontains=word) | Q(party__icontains=word) | Q(client__in=names))
    return found


def entry_rows(found: QuerySet, *, today: date) -> QuerySet:
    """Entries as rows of the list: the members that ROW names. Amounts are texts, so that no reader makes floats."""
    named = found.annotate(state=state_column(today), client_name=F("client__name"), category_name=F("category__name"))
    return with_texts(named, "amount", "paid").values(*ROW)


def with_texts(found: QuerySet, *names: str) -> QuerySet:
    """These columns as texts under their own names, which an annotation may not have."""
    table = found.model._meta.db_table
    return found.extra(select={name: f'"{table}"."{name}"::text' for name in names})  # noqa: S610 - our own columns


@dataclass(frozen=True, slots=True)
class Totals:
    count: int
    amount: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.amount - self.paid


def totals(found: EntryQuerySet) -> Totals:
    """Of all that was found, in one statement."""
    sums = found.order_by().aggregate(count=Count("pk"), amount=Sum("amount"), paid=Sum("paid"))
    return Totals(sums["count"], sums["amount"] or Decimal(0), sums["paid"] or Decimal(0))


def payments_of(entry: Entry) -> list[Payment]:
    """Newest first, with who and why."""
    return list(entry.payments.select_related("by", "reversal__by").order_by("-paid_on", "-id"))
