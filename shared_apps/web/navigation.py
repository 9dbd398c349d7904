"""What the sidebar offers. Each app registers its places when it is ready; nobody sees one they may not enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Item:
    """`url_name` in the organization's URLs; `permission` by its value ("clients.view"), empty: every member."""

    label: str | Promise
    url_name: str
    icon: str
    permission: str = ""
    group: str = "main"  # main or settings
    order: int = 100
    needs: str = ""  # a feature that `missing` may name; empty: always there


_items: dict[str, Item] = {}
_missing: list[Callable[[HttpRequest], frozenset[str]]] = []


def register(item: Item) -> None:
    _items[item.url_name] = item


def leave_out(missing: Callable[[HttpRequest], frozenset[str]]) -> None:
    """`missing(request)`: the features whose places nobody of this organization is shown."""
    _missing.append(missing)


def missing(request: HttpRequest) -> frozenset[str]:
    return frozenset().union(*(one(request) for one in _missing))


def items(group: str) -> list[Item]:
    return sorted((item for item in _items.values() if item.group == group), key=lambda item: item.order)


def address_of(item: Item, urlconf: str) -> str:
    """Empty when the app is not mounted."""
    try:
        return reverse(item.url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""
