"""What the address of the list asks for. A page forgives: what nobody understands is left out, and the list shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.clients.models import Client
from tenant_apps.finance import page_addresses as read
from tenant_apps.finance.models import Category, Kind
from tenant_apps.finance.page_addresses import Address
from tenant_apps.finance.queries import ORDERINGS, Wanted
from tenant_apps.finance.states import State

STATUSES = ("", "open", "overdue", "partial", "paid", "cancelled")


@dataclass(frozen=True, slots=True)
class Asked(Address):
    wanted: Wanted
    sort: str

    @property
    def ordering(self) -> tuple[str, ...]:
        return ORDERINGS[self.sort]


def asked(query: QueryDict) -> Asked:
    pairs: dict[str, str] = {}
    labels: dict[str, str] = {}
    search = read.text(query, "search")
    kind = read.one_of(query, "kind", Kind.values)
    state = read.one_of(query, "status", STATUSES)
    sort = read.one_of(query, "sort", ORDERINGS)
    client, category = read.known(Client, query, "client"), read.known(Category, query, "category")
    contract = read.identifier(query, "contract")
    group = read.identifier(query, "group")
    plain = {"search": search, "kind": kind, "status": state}
    pairs.update({name: value for name, value in plain.items() if value})
    if client:
        pairs["client"], labels["client"] = str(client.pk), _("Client: %(name)s") % {"name": client.name}
    if category:
        pairs["category"], labels["category"] = str(category.pk), _("Category: %(name)s") % {"name": category.name}
    if contract:
        pairs["contract"], labels["contract"] = str(contract), _("Of one contract")
    if group:
        pairs["group"], labels["group"] = str(group), _("Instalments of one purchase")
    days = {name: read.day(query, name) for name in ("due_from", "due_until", "issued_from", "issued_until")}
    texts = {
        "due_from": _("Due from %(day)s"), "due_until": _("Due until %(day)s"),
        "issued_from": _("Issued from %(day)s"), "issued_until": _("Issued until %(day)s"),
    }  # fmt: skip
    for name, day in days.items():
        if day:
            pairs[name], labels[name] = day.isoformat(), texts[name] % {"day": formats.date(day)}
    usual = "due_on" if state in {"open", "overdue", "partial"} else "-due_on"  # what comes next, or what was last
    if sort and sort != usual:
        pairs["sort"] = sort
    return Asked(
        wanted=Wanted(
            search=search,
            kind=kind,
            state=state,
            client=client.pk if client else None,
            category=category.pk if category else None,
            contract=contract,
            group=group,
            **days,
        ),
        sort=sort or usual,
        page=read.page(query),
        pairs=pairs,
        chips=read.chips(pairs, labels),
    )


def tabs(asked: Asked) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one in force."""
    names = [("", _("All")), (Kind.RECEIVABLE, _("To receive")), (Kind.PAYABLE, _("To pay"))]
    return [(str(label), asked.with_("kind", kind), asked.wanted.kind == kind) for kind, label in names]


def states(asked: Asked) -> list[tuple[str, str, bool]]:
    names = [(state, capfirst(str(State(state).label)) if state else _("Any status")) for state in STATUSES]
    return [(label, asked.with_("status", state), asked.wanted.state == state) for state, label in names]
