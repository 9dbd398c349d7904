"""Hot lists: PostgreSQL writes each row as JSON, and the answer joins them. No instances, no serializer, no values.

A page costs one statement for its rows and at most one for the count, which stops at COUNT_CAP. Of a list that nothing
narrows, the rows are read first, in the order of an index, and a short first page is its own count.

A search is counted first, because the count says how to read it. Few rows are found through the search index and then
sorted. Of many, a page is soon full: the order's index is walked, but no further than WALK rows, for they may all come
late; then they are sorted after all. Left to itself the planner walks for words that nobody has, too, through the whole
table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, DateTimeField, F, QuerySet, Subquery, Value
from django.db.models.expressions import CombinedExpression, OrderBy
from django.db.models.functions import Concat
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from shared_apps.web.api.errors import PageNotFound

COUNT_CAP = 10_000
WALK = 5_000
Shape = Callable[[QuerySet], QuerySet]


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` are JSON texts. `count` is exact up to COUNT_CAP; beyond it `capped` is true and it says "at least"."""

    rows: list[str]
    number: int
    count: int
    capped: bool
    has_next: bool


def page(
    found: QuerySet,
    shape: Shape,
    ordering: Sequence[str],
    *,
    number: int,
    size: int,
    sought: bool,
    counted: bool = True,
) -> Page:
    """Read one page of what was found; `shape` gives a queryset the `values()` that a row of the list has.

    `sought`: a search index narrows what is found. Not `counted`: of a list that nothing narrows it is only said that
    there is more. Raises PageNotFound past the last page.
    """
    offset = (number - 1) * size
    window = slice(offset, offset + size + 1)
    count = _count(found) if sought else None
    rows: list[str] = []
    if count != 0:
        if count is None:
            rows = _json(shape(found.order_by(*ordering))[window])
        elif count > COUNT_CAP:
            rows = _json(walked(found, shape, ordering, window))
        if count is not None and len(rows) <= size:
            rows = _json(sorted_out(found, shape, ordering, window))
    if not rows and number > 1:
        raise PageNotFound
    has_next = len(rows) > size
    if count is None and not counted:
        return Page(rows[:size], number, offset + len(rows[:size]), has_next, has_next)
    if count is None:
        count = _count(found) if has_next or number > 1 else len(rows)
    return Page(rows[:size], number, min(count, COUNT_CAP), count > COUNT_CAP, has_next)


def walked(found: QuerySet, shape: Shape, ordering: Sequence[str], window: slice) -> QuerySet:
    """The window as far as the first WALK rows of the order hold it."""
    name, descending = ordering[0].lstrip("-"), ordering[0].startswith("-")
    end = found.model._default_manager.order_by(*ordering).values(name)[WALK : WALK + 1]
    near = found.filter(**{f"{name}__{'gte' if descending else 'lte'}": Subquery(end)})
    return shape(near.order_by(*ordering))[window]


def sorted_out(found: QuerySet, shape: Shape, ordering: Sequence[str], window: slice) -> QuerySet:
    """The window of everything found, sorted by the keys alone; the rows themselves are fetched then."""
    keys = found.order_by(*(_hidden(found, name) for name in ordering)).values("pk")[window]
    return shape(found.model._default_manager.filter(pk__in=keys).order_by(*ordering))


def _json(queryset: QuerySet) -> list[str]:
    return _column("SELECT row_to_json(r)::text", queryset)


def _count(queryset: QuerySet) -> int:
    return int((_column("SELECT count(*)", queryset.order_by().values("pk")[: COUNT_CAP + 1]) or [0])[0])


def _column(select: str, queryset: QuerySet) -> list[Any]:
    """The one column of `select` over the rows `r` of the queryset."""
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{select} FROM ({sql}) r", params)
        return [value for (value,) in cursor.fetchall()]


def _hidden(queryset: QuerySet, name: str) -> OrderBy | str:
    """The order in a form that no index has, so that the planner sorts what the search index found."""
    field = queryset.model._meta.get_field(name.lstrip("-"))
    if isinstance(field, CharField):
        hidden: Any = Concat(F(field.name), Value(""))
    elif isinstance(field, DateTimeField):
        hidden = CombinedExpression(F(field.name), "+", Value(timedelta(0)), output_field=DateTimeField())
    else:
        return name
    return OrderBy(hidden, descending=name.startswith("-"))


def answer(request: Request, found: Page) -> HttpResponse:
    """The list's document: count, count_capped, next, previous, results."""
    url = request.build_absolute_uri()
    head = {
        "count": found.count,
        "count_capped": found.capped,
        "next": replace_query_param(url, "page", found.number + 1) if found.has_next else None,
        "previous": _previous(url, found.number),
    }
    results = ",".join(found.rows).encode()
    return HttpResponse(orjson.dumps(head)[:-1] + b',"results":[' + results + b"]}", content_type="application/json")


def _previous(url: str, number: int) -> str | None:
    if number <= 1:
        return None
    return remove_query_param(url, "page") if number == 2 else replace_query_param(url, "page", number - 1)
