"""The list of payments: which somebody asks for, their rows, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from tenant_apps.finance.models import Kind, Payment, PaymentQuerySet
from tenant_apps.finance.queries import with_texts

PAYMENT_ROW = (
    "id", "entry", "description", "kind", "client", "client_name", "party", "category", "category_name", "amount",
    "extra", "discount", "method", "paid_on", "reference", "reversed", "created_at",
)  # fmt: skip
NEWEST = ("-paid_on", "-id")
STATES = ("counted", "reversed")


@dataclass(frozen=True, slots=True)
class PaymentsWanted:
    """`state`: "counted", "reversed", or "" for both."""

    kind: str = ""
    method: str = ""
    state: str = ""
    client: UUID | None = None
    category: UUID | None = None
    paid_from: date | None = None
    paid_until: date | None = None

    @property
    def is_reversed(self) -> bool:
        return self.state == "reversed"

    @property
    def is_narrow(self) -> bool:
        return bool(self.client or self.is_reversed)


@dataclass(frozen=True, slots=True)
class PaymentTotals:
    """`received` came in and `spent` went out; of both, `extra` was late fee and interest."""

    count: int
    received: Decimal
    spent: Decimal
    extra: Decimal
    discount: Decimal


def payments(wanted: PaymentsWanted) -> PaymentQuerySet:
    equal = {
        "entry__kind": wanted.kind,
        "method": wanted.method,
        "entry__client": wanted.client,
        "entry__category": wanted.category,
        "paid_on__gte": wanted.paid_from,
        "paid_on__lte": wanted.paid_until,
    }
    found = Payment.objects.filter(**{name: value for name, value in equal.items() if value})
    if wanted.state:
        found = found.filter(reversal__isnull=not wanted.is_reversed)
    return found


def payment_rows(found: QuerySet) -> QuerySet:
    """Payments as rows of the list: the members that PAYMENT_ROW names, amounts as texts."""
    named = found.annotate(
        description=F("entry__description"),
        kind=F("entry__kind"),
        client=F("entry__client"),
        client_name=F("entry__client__name"),
        party=F("entry__party"),
        category=F("entry__category"),
        category_name=F("entry__category__name"),
        reversed=Q(reversal__isnull=False),
    )
    return with_texts(named, "amount", "extra", "discount").values(*PAYMENT_ROW)


def payment_totals(found: PaymentQuerySet) -> PaymentTotals:
    """Of all that was found, in one statement."""
    sums = found.order_by().aggregate(
        count=Count("pk"),
        received=Sum("amount", filter=Q(entry__kind=Kind.RECEIVABLE)),
        spent=Sum("amount", filter=Q(entry__kind=Kind.PAYABLE)),
        extra=Sum("extra"),
        discount=Sum("discount"),
    )
    amounts = {name: sums[name] or Decimal(0) for name in ("received", "spent", "extra", "discount")}
    return PaymentTotals(count=sums["count"], **amounts)
