"""What the address of a list says, read forgivingly, and addresses of the same list with something else in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date

MAX_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Address:
    """`query` is the address in its shortest form, without the page; `pairs` are its parts."""

    page: int
    pairs: dict[str, str]
    chips: list[Chip]

    @property
    def query(self) -> str:
        return encoded(self.pairs)

    def address(self, page: int = 1) -> str:
        query = "&".join(filter(None, [self.query, f"page={page}" if page > 1 else ""]))
        return f"?{query}" if query else "."

    def with_(self, name: str, value: str) -> str:
        """The address with this filter instead."""
        query = encoded(
            {**{key: kept for key, kept in self.pairs.items() if key != name}, **({name: value} if value else {})}
        )
        return f"?{query}" if query else "."


def chips(pairs: dict[str, str], labels: dict[str, str]) -> list[Chip]:
    """One for each of the pairs that has a label."""
    return [
        Chip(label, f"?{encoded({key: value for key, value in pairs.items() if key != name})}")
        for name, label in labels.items()
    ]


def encoded(pairs: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(pairs)
    return query.urlencode()


def text(query: QueryDict, name: str) -> str:
    return " ".join(str(query.get(name, "")).replace("\x00", "").split())[:200]


def one_of(query: QueryDict, name: str, known: Collection[str]) -> str:
    value = text(query, name)
    return value if value in known else ""


def identifier(query: QueryDict, name: str) -> UUID | None:
    try:
        return UUID(text(query, name))
    except ValueError:
        return None


def known(model: Any, query: QueryDict, name: str) -> Any:
    pk = identifier(query, name)
    return model.objects.only("id", "name").filter(pk=pk).first() if pk else None


def day(query: QueryDict, name: str) -> date | None:
    try:
        return parse_date(text(query, name))
    except ValueError:
        return None


def page(query: QueryDict) -> int:
    number = text(query, "page")
    return min(max(int(number), 1), MAX_PAGE) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
