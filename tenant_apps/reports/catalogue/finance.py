"""What is owed, and what was paid."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.organizations.permissions import Permission
from tenant_apps.finance.models import Entry, Kind, Method, Payment
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue.base import Column, Report, Row
from tenant_apps.reports.places import page_of

KINDS = dict(Kind.choices)
METHODS = dict(Method.choices)
PARTY = Coalesce("client__name", "party", output_field=CharField())
PAYER = Coalesce("entry__client__name", "entry__party", output_field=CharField())


def _entries(asked: Asked) -> QuerySet[Any, Any]:
    """The days are those on which an entry is due."""
    found, today = Entry.objects.order_by("due_on", "pk"), timezone.localdate()
    state, _underscore, kind = asked.status.rpartition("_")
    match state:
        case "open":
            found = found.open()
        case "overdue":
            found = found.overdue(today)
        case "paid":
            found = found.standing().filter(paid=F("amount"))
        case _:
            found = found.exclude(cancellation=None) if asked.status == "cancelled" else found.standing()
    if asked.status and asked.status != "cancelled":
        found = found.filter(kind=kind)
    if asked.first:
        found = found.filter(due_on__gte=asked.first)
    if asked.last:
        found = found.filter(due_on__lte=asked.last)
    if asked.client:
        found = found.filter(client=asked.client)
    late = Q(paid__lt=F("amount"), due_on__lt=today)
    return found.values(
        "pk", "kind", "description", "due_on", "amount", "paid", "cancellation_id", who=PARTY,
        category_name=F("category__name"), left=F("amount") - F("paid"),
        state=Case(
            When(paid=F("amount"), then=Value("paid")), When(late, then=Value("overdue")), default=Value("open")
        ),
    )  # fmt: skip


def _entry_sums(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    found = rows.order_by().aggregate(rows=Count("pk"), amount=Sum("amount"), paid=Sum("paid"))
    return {**found, "left": (found["amount"] or 0) - (found["paid"] or 0)}


def _state(row: Row) -> str:
    return str(_("cancelled") if row["cancellation_id"] else STATES[row["state"]])


STATES = {"paid": _("paid"), "overdue": _("overdue"), "open": _("open")}
ENTRIES = Report(
    key="entries",
    title=_("Receivables and payables"),
    about=_("What clients owe you and what you owe, by the day it is due."),
    icon="receipt",
    permission=Permission.FINANCE_VIEW,
    filters=("period", "client", "status"),
    statuses={
        "all_receivable": _("Receivable"),
        "open_receivable": _("Receivable, open"),
        "overdue_receivable": _("Receivable, overdue"),
        "paid_receivable": _("Receivable, paid"),
        "all_payable": _("Payable"),
        "open_payable": _("Payable, open"),
        "overdue_payable": _("Payable, overdue"),
        "paid_payable": _("Payable, paid"),
        "cancelled": _("cancelled"),
    },
    rows=_entries,
    sums=_entry_sums,
    href=lambda row: page_of("/entries/", row["pk"]),
    columns=(
        Column("due_on", _("Due on"), kind="date"),
        Column("description", _("Description"), width=2.4, is_main=True),
        Column("who", _("Client or supplier"), width=2),
        Column("kind", _("Kind"), value=lambda row: str(KINDS[row["kind"]])),
        Column("category_name", _("Category"), width=1.3),
        Column("state", _("Status"), width=0.9, value=_state),
        Column("amount", _("Amount due"), kind="money", width=1.2, total=True),
        Column("paid", _("Paid"), kind="money", width=1.2, total=True),
        Column("left", _("Left to pay"), kind="money", width=1.2, total=True),
    ),
)


def _payments(asked: Asked) -> QuerySet[Any, Any]:
    found = Payment.objects.order_by("paid_on", "pk")
    found = found.exclude(reversal=None) if asked.status == "reversed" else found.standing()
    if asked.status in KINDS:
        found = found.filter(entry__kind=asked.status)
    if asked.first:
        found = found.filter(paid_on__gte=asked.first)
    if asked.last:
        found = found.filter(paid_on__lte=asked.last)
    if asked.client:
        found = found.filter(entry__client=asked.client)
    return found.values(
        "pk", "paid_on", "method", "amount", "extra", "discount", entry_pk=F("entry"), kind=F("entry__kind"),
        description=F("entry__description"), who=PAYER,
        received=Case(When(entry__kind=Kind.RECEIVABLE, then=F("amount"))),
        spent=Case(When(entry__kind=Kind.PAYABLE, then=F("amount"))),
    )  # fmt: skip


def _payment_sums(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    return rows.order_by().aggregate(
        rows=Count("pk"),
        received=Sum("amount", filter=Q(entry__kind=Kind.RECEIVABLE)),
        spent=Sum("amount", filter=Q(entry__kind=Kind.PAYABLE)),
    )


PAYMENTS = Report(
    key="payments",
    title=_("Payments"),
    about=_("Money that came in and went out, by the day it moved."),
    icon="cash",
    permission=Permission.FINANCE_VIEW,
    filters=("period", "client", "status"),
    statuses={"receivable": _("Received"), "payable": _("Spent"), "reversed": _("Reversed")},
    rows=_payments,
    sums=_payment_sums,
    href=lambda row: page_of("/entries/", row["entry_pk"]),
    columns=(
        Column("paid_on", _("Day"), kind="date"),
        Column("description", _("Description"), width=2.4, is_main=True),
        Column("who", _("Client or supplier"), width=2),
        Column("method", _("Method"), width=1.2, value=lambda row: str(METHODS[row["method"]])),
        Column("received", _("Received"), kind="money", width=1.3, total=True),
        Column("spent", _("Spent"), kind="money", width=1.3, total=True),
    ),
)
