"""The client book, with what each brought and owes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Func, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission
from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Entry, Kind
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue.base import Column, Report
from tenant_apps.reports.places import page_of

MONEY: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)


def _rows(asked: Asked) -> QuerySet[Any, Any]:
    """`from` and `until`: since when they are clients. What they owe is what stands and is not paid today."""
    found = Client.objects.order_by("name_key", "pk")
    found = found.archived() if asked.status == "archived" else found if asked.status == "all" else found.standing()
    start, end = asked.moments(timezone.get_current_timezone())
    if start:
        found = found.filter(created_at__gte=start)
    if end:
        found = found.filter(created_at__lt=end)
    if asked.client:
        found = found.filter(pk=asked.client)
    entries = Entry.objects.filter(client=OuterRef("pk"), kind=Kind.RECEIVABLE, cancellation=None).order_by()
    total = entries.annotate(n=Func("amount", function="sum", output_field=MONEY)).values("n")
    left = entries.annotate(n=Func(F("amount") - F("paid"), function="sum", output_field=MONEY)).values("n")
    return found.values(
        "pk", "name", "document", "phone", "email", "cities", "created_at",
        charged=Coalesce(Subquery(total), Decimal(0)), owed=Coalesce(Subquery(left), Decimal(0)),
    )  # fmt: skip


def _sums(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    chosen = rows.order_by().values("pk")
    entries = Entry.objects.standing().receivable().filter(client__in=chosen)
    sums = entries.aggregate(charged=Coalesce(Sum("amount"), Decimal(0)), paid=Coalesce(Sum("paid"), Decimal(0)))
    return {"rows": chosen.count(), "charged": sums["charged"], "owed": sums["charged"] - sums["paid"]}


CLIENTS = Report(
    key="clients",
    title=_("Clients"),
    about=_("Everybody you work for, what they were charged and what they owe."),
    icon="users",
    permission=Permission.CLIENTS_VIEW,
    filters=("period", "status"),
    statuses={"archived": _("Archived only"), "all": _("With archived")},
    rows=_rows,
    sums=_sums,
    href=lambda row: page_of("/clients/", row["pk"]),
    columns=(
        Column("name", _("Name"), width=2.2, is_main=True),
        Column("document", _("CPF or CNPJ"), width=1.5, value=lambda row: formats.document(row["document"])),
        Column("phone", _("Phone"), width=1.4, value=lambda row: formats.phone(row["phone"])),
        Column("email", _("E-mail"), width=2.2),
        Column("city", _("City"), width=1.3, value=lambda row: next((c for c in row["cities"] if c), "")),
        Column("created_at", _("Since"), kind="date", value=lambda row: timezone.localtime(row["created_at"]).date()),
        Column("charged", _("Charged"), kind="money", width=1.2, total=True),
        Column("owed", _("Owes"), kind="money", width=1.2, total=True),
    ),
)
