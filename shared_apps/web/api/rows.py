"""Hot lists: rows go from the cursor to JSON without model instances and without a serializer.

A page costs one statement for its rows and at most one for the count, which stops at COUNT_CAP. Of a list that nothing
narrows, the rows are read first, in the order of an index, and a short first page is its own count. A search is
counted first, because the count says how to read it: few rows are found through the search index and then sorted, many
are found by walking the order's index until the page is full. Left to itself the planner takes the second way for
words that nobody has, and reads the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.expressions import CombinedExpression, OrderBy
from django.db.models.functions import Concat
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from shared_apps.web.api.errors import PageNotFound

COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is exact up to COUNT_CAP; beyond it `capped` is true and `count` says "at least"."""

    rows: list[tuple[Any, ...]]
    number: int
    count: int
    capped: bool
    has_next: bool


def page(
    queryset: QuerySet, columns: Sequence[str], ordering: Sequence[str], *, number: int, size: int, sought: bool
) -> Page:
    """Read one page. `sought`: the queryset is narrowed by a search index. Raises PageNotFound past the last page."""
    offset = (number - 1) * size
    count = _count(queryset) if sought else None
    if count == 0:
        rows: list[tuple[Any, ...]] = []
    else:
        rows = list(in_order(queryset, ordering, few=count is not None and count <= COUNT_CAP).values_list(*columns)[
            offset : offset + size + 1
        ])  # fmt: skip
    if not rows and number > 1:
        raise PageNotFound
    has_next = len(rows) > size
    if count is None:
        count = _count(queryset) if has_next or number > 1 else len(rows)
    return Page(rows[:size], number, min(count, COUNT_CAP), count > COUNT_CAP, has_next)


def _count(queryset: QuerySet) -> int:
    return queryset.order_by()[: COUNT_CAP + 1].count()


def in_order(queryset: QuerySet, ordering: Sequence[str], *, few: bool) -> QuerySet:
    """Order the rows; `few` hides the order from the planner's view of indexes, so that it sorts what it found."""
    return queryset.order_by(*(_sorted(queryset, name) if few else name for name in ordering))


def _sorted(queryset: QuerySet, name: str) -> OrderBy | str:
    field = queryset.model._meta.get_field(name.lstrip("-"))
    if isinstance(field, CharField):
        hidden: Any = Concat(F(field.name), Value(""))
    elif isinstance(field, DateTimeField):
        hidden = CombinedExpression(F(field.name), "+", Value(timedelta(0)), output_field=DateTimeField())
    else:
        return name
    return OrderBy(hidden, descending=name.startswith("-"))


def answer(request: Request, found: Page, results: list[dict[str, Any]]) -> HttpResponse:
    """The list's document: count, count_capped, next, previous, results."""
    url = request.build_absolute_uri()
    document = {
        "count": found.count,
        "count_capped": found.capped,
        "next": replace_query_param(url, "page", found.number + 1) if found.has_next else None,
        "previous": _previous(url, found.number),
        "results": results,
    }
    return HttpResponse(orjson.dumps(document, default=str), content_type="application/json")


def _previous(url: str, number: int) -> str | None:
    if number <= 1:
        return None
    return remove_query_param(url, "page") if number == 2 else replace_query_param(url, "page", number - 1)
