"""What the address of the list of payments asks for. A page forgives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.clients.models import Client
from tenant_apps.finance import page_addresses as read
from tenant_apps.finance.models import Category, Kind, Method
from tenant_apps.finance.page_addresses import Address
from tenant_apps.finance.payment_queries import PaymentsWanted
from tenant_apps.finance.statements.periods import months_around, shifted


@dataclass(frozen=True, slots=True)
class AskedPayments(Address):
    wanted: PaymentsWanted


def asked(query: QueryDict) -> AskedPayments:
    labels: dict[str, str] = {}
    client, category = read.known(Client, query, "client"), read.known(Category, query, "category")
    paid_from, paid_until = read.day(query, "paid_from"), read.day(query, "paid_until")
    wanted = PaymentsWanted(
        kind=read.one_of(query, "kind", Kind.values),
        method=read.one_of(query, "method", Method.values),
        state=read.one_of(query, "status", ("reversed",)) or "counted",
        client=client.pk if client else None,
        category=category.pk if category else None,
        paid_from=paid_from,
        paid_until=paid_until,
    )
    plain = {"kind": wanted.kind, "method": wanted.method, "status": "reversed" if wanted.is_reversed else ""}
    pairs = {name: value for name, value in plain.items() if value}
    if wanted.is_reversed:
        labels["status"] = _("Reversed only")
    if client:
        pairs["client"], labels["client"] = str(client.pk), _("Client: %(name)s") % {"name": client.name}
    if category:
        pairs["category"], labels["category"] = str(category.pk), _("Category: %(name)s") % {"name": category.name}
    if paid_from:
        pairs["paid_from"] = paid_from.isoformat()
        labels["paid_from"] = _("Paid from %(day)s") % {"day": formats.date(paid_from)}
    if paid_until:
        pairs["paid_until"] = paid_until.isoformat()
        labels["paid_until"] = _("Paid until %(day)s") % {"day": formats.date(paid_until)}
    return AskedPayments(page=read.page(query), pairs=pairs, chips=read.chips(pairs, labels), wanted=wanted)


def tabs(asked: AskedPayments) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one in force."""
    names = [("", _("All")), (Kind.RECEIVABLE, _("Received")), (Kind.PAYABLE, _("Paid out"))]
    return [(str(label), asked.with_("kind", kind), asked.wanted.kind == kind) for kind, label in names]


def periods(asked: AskedPayments, today: date) -> list[tuple[str, str, bool]]:
    this = months_around(today, before=0, after=0)
    last = months_around(shifted(today, -1), before=0, after=0)
    rest = {name: value for name, value in asked.pairs.items() if name not in {"paid_from", "paid_until"}}
    in_force = (asked.wanted.paid_from, asked.wanted.paid_until)
    found = [(_("Any day"), f"?{read.encoded(rest)}" if rest else ".", in_force == (None, None))]
    for label, month in ((_("This month"), this), (_("Last month"), last)):
        days = {"paid_from": month.start.isoformat(), "paid_until": month.end.isoformat()}
        found.append((label, f"?{read.encoded(rest | days)}", in_force == (month.start, month.end)))
    return found


def methods(asked: AskedPayments) -> list[tuple[str, str, bool]]:
    names = [("", _("Any method")), *((value, capfirst(str(label))) for value, label in Method.choices)]
    return [(str(label), asked.with_("method", value), asked.wanted.method == value) for value, label in names]
