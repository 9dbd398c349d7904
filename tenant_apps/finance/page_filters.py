"""What the address of the list asks for. A page forgives: what nobody understands is left out, and the list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.clients.models import Client
from tenant_apps.finance.models import Category, Kind
from tenant_apps.finance.queries import ORDERINGS, Wanted
from tenant_apps.finance.states import State

MAX_PAGE = 10_000
STATUSES = ("", "open", "overdue", "partial", "paid", "cancelled")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`query` is the address in its shortest form, without the page; `pairs` are its parts."""

    wanted: Wanted
    sort: str
    page: int
    pairs: dict[str, str]
    chips: list[Chip]

    @property
    def query(self) -> str:
        return encoded(self.pairs)

    @property
    def ordering(self) -> tuple[str, ...]:
        return ORDERINGS[self.sort]

    def address(self, page: int = 1) -> str:
        query = "&".join(filter(None, [self.query, f"page={page}" if page > 1 else ""]))
        return f"?{query}" if query else "."

    def with_(self, name: str, value: str) -> str:
        """The address with this filter instead."""
        query = encoded(
            {**{key: kept for key, kept in self.pairs.items() if key != name}, **({name: value} if value else {})}
        )
        return f"?{query}" if query else "."


def asked(query: QueryDict) -> Asked:
    pairs: dict[str, str] = {}
    labels: dict[str, str] = {}
    search = _text(query, "search")
    kind = _one_of(query, "kind", Kind.values)
    state = _one_of(query, "status", STATUSES)
    sort = _one_of(query, "sort", ORDERINGS)
    client, category = _known(Client, query, "client"), _known(Category, query, "category")
    contract = _identifier(query, "contract")
    group = _identifier(query, "group")
    due_from, due_until = _day(query, "due_from"), _day(query, "due_until")
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
    if due_from:
        pairs["due_from"] = due_from.isoformat()
        labels["due_from"] = _("Due from %(day)s") % {"day": formats.date(due_from)}
    if due_until:
        pairs["due_until"] = due_until.isoformat()
        labels["due_until"] = _("Due until %(day)s") % {"day": formats.date(due_until)}
    usual = "due_on" if state in {"open", "overdue", "partial"} else "-due_on"  # what comes next, or what was last
    if sort and sort != usual:
        pairs["sort"] = sort
    number = _text(query, "page")
    return Asked(
        wanted=Wanted(
            search=search,
            kind=kind,
            state=state,
            client=client.pk if client else None,
            category=category.pk if category else None,
            contract=contract,
            group=group,
            due_from=due_from,
            due_until=due_until,
        ),
        sort=sort or usual,
        page=min(max(int(number), 1), MAX_PAGE) if number.isascii() and number.isdecimal() and len(number) < 7 else 1,
        pairs=pairs,
        chips=[
            Chip(label, f"?{encoded({key: value for key, value in pairs.items() if key != name})}")
            for name, label in labels.items()
        ],
    )


def tabs(asked: Asked) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one in force."""
    names = [("", _("All")), (Kind.RECEIVABLE, _("To receive")), (Kind.PAYABLE, _("To pay"))]
    return [(str(label), asked.with_("kind", kind), asked.wanted.kind == kind) for kind, label in names]


def states(asked: Asked) -> list[tuple[str, str, bool]]:
    names = [(state, capfirst(str(State(state).label)) if state else _("Any status")) for state in STATUSES]
    return [(label, asked.with_("status", state), asked.wanted.state == state) for state, label in names]


def encoded(pairs: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(pairs)
    return query.urlencode()


def _text(query: QueryDict, name: str) -> str:
    return " ".join(str(query.get(name, "")).replace("\x00", "").split())[:200]


def _one_of(query: QueryDict, name: str, known: Any) -> str:
    value = _text(query, name)
    return value if value in known else ""


def _identifier(query: QueryDict, name: str) -> UUID | None:
    try:
        return UUID(_text(query, name))
    except ValueError:
        return None


def _known(model: Any, query: QueryDict, name: str) -> Any:
    pk = _identifier(query, name)
    return model.objects.only("id", "name").filter(pk=pk).first() if pk else None


def _day(query: QueryDict, name: str) -> date | None:
    try:
        return parse_date(_text(query, name))
    except ValueError:
        return None
