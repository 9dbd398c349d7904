"""What the address of the list asks for. A page forgives: what nobody understands is left out, and the list shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients import custom, documents
from tenant_apps.clients.models import Client, CustomField
from tenant_apps.clients.queries import ORDERINGS, Wanted

CUSTOM = "custom."
MAX_PAGE = 10_000
ARCHIVED = {"": "false", "true": "true", "all": "all"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`query` is the address in its shortest form, without the page; `chips` are all filters but the search."""

    wanted: Wanted
    sort: str
    page: int
    query: str
    chips: list[Chip]

    @property
    def ordering(self) -> tuple[str, ...]:
        return ORDERINGS[self.sort]

    def address(self, page: int = 1) -> str:
        query = "&".join(filter(None, [self.query, f"page={page}" if page > 1 else ""]))
        return f"?{query}" if query else "."


def names_custom(query: QueryDict) -> bool:
    return any(name.startswith(CUSTOM) for name in query)


def asked(query: QueryDict, fields: Mapping[str, CustomField]) -> Asked:
    """`fields`: custom fields by key, at least those the address names."""
    kept: list[tuple[str, str]] = []
    labels: list[tuple[int, str]] = []

    def keep(name: str, value: str, label: str = "") -> None:
        if label:
            labels.append((len(kept), label))
        kept.append((name, value))

    search = _text(query, "search")
    if search:
        keep("search", search)
    tags = list(dict.fromkeys(tag for typed in query.getlist("tag") if (tag := _bare(typed.lower()))))[:10]
    for tag in tags:
        keep("tag", tag, _("Tag: %(tag)s") % {"tag": tag})
    city, state = city_of(_text(query, "city"))
    if city or state:
        typed = " - ".join(filter(None, [city, state]))
        keep("city", typed, _("City: %(city)s") % {"city": typed})
    kind = _text(query, "kind")
    if kind in Client.Kind.values:
        keep("kind", kind, str(Client.Kind(kind).label).capitalize())
    values = _custom(query, fields)
    for key, (typed, _value) in values.items():
        shown = {"true": _("yes"), "false": _("no")}.get(typed, typed) if fields[key].type == "bool" else typed
        keep(f"{CUSTOM}{key}", typed, f"{fields[key].label}: {shown}")
    archived = _text(query, "archived")
    if archived == "true":
        keep("archived", archived, _("Archived"))
    elif archived == "all":
        keep("archived", archived, _("With archived"))
    sort = _text(query, "sort")
    if sort in ORDERINGS and sort != "name":
        keep("sort", sort)
    number = _text(query, "page")
    return Asked(
        wanted=Wanted(
            search=search,
            city=city,
            state=state,
            kind=kind if kind in Client.Kind.values else "",
            tags=tags,
            custom={key: value for key, (_typed, value) in values.items()},
            archived=ARCHIVED.get(archived, "false"),
        ),
        sort=sort if sort in ORDERINGS else "name",
        page=min(max(int(number), 1), MAX_PAGE) if number.isdecimal() and len(number) < 7 else 1,
        query=_encoded(kept),
        chips=[Chip(label, f"?{_encoded(kept[:at] + kept[at + 1 :])}") for at, label in labels],
    )


def city_of(typed: str) -> tuple[str, str]:
    """ "Campinas - SP" -> ("Campinas", "SP"); "Campinas" -> ("Campinas", "")."""
    city, _dash, state = typed.rpartition(" - ")
    if city and state in documents.STATES:
        return city, state
    return ("", typed) if typed in documents.STATES else (typed, "")


def _custom(query: QueryDict, fields: Mapping[str, CustomField]) -> dict[str, tuple[str, Any]]:
    """Key -> (as typed, the value it stands for), of those that are right."""
    found = {}
    for name, typed in query.items():
        field = fields.get(name.removeprefix(CUSTOM)) if name.startswith(CUSTOM) else None
        if field is None or not typed:
            continue
        try:
            found[field.key] = (str(typed), custom.parsed(field, str(typed)))
        except FieldError:
            continue
    return found


def _text(query: QueryDict, name: str) -> str:
    return _bare(query.get(name, ""))


def _bare(typed: str) -> str:
    return " ".join(typed.replace("\x00", "").split())[:200]


def _encoded(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()
