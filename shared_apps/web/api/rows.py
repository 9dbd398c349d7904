"""Hot lists: PostgreSQL writes each row as JSON, and the answer joins them. No instances, no serializer, no values.

A page costs one statement for its rows and at most one for the count, which stops at COUNT_CAP. Of a list that nothing
narrows, the rows are read in the order of an index, and a short first page is its own count.

So are the rows of a search, but no further than WALK rows: what many have fills a page by then, and to find all of it
first would take longest. Where the page is not full, few have it or they all come late: then everything is found
through the search index, counted and sorted, in one statement. Left to itself the planner walks for words that nobody
has, too, through the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import CombinedExpression, ExpressionWrapper, OrderBy, RawSQL
from django.db.models.functions import Coalesce, Concat
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from shared_apps.web.api.errors import PageNotFound

COUNT_CAP = 10_000
WALK = 2_000
SMALL = 20_000  # rows of a table in which counting costs little
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
    first: Q | None = None,
    walking: QuerySet | None = None,
) -> Page:
    """Read one page of what was found; `shape` gives a queryset the `values()` that a row of the list has.

    `sought`: a search index narrows what is found. Not `counted`: of a list that nothing narrows, and of a search in a
    large table that fills a page, it is only said that there is more. `first`: what comes before the rest of a search,
    such as names that begin with the word; the order's index must find it. `walking`: what was found, said so that only
    the order's index can be used; None where no index has the order. Raises PageNotFound past the last page.
    """
    offset = (number - 1) * size
    window, count = slice(offset, offset + size + 1), None
    rows: list[str] = []
    if not sought:
        rows = _json(shape(found.order_by(*ordering))[window])
    elif walking is not None:
        rows = _walk(walking, shape, ordering, window, first)
    if sought and len(rows) <= size:
        rows, count = _sorted_out(found, shape, [*_leading(first), *ordering], window)
    if not rows and number > 1:
        raise PageNotFound
    has_next = len(rows) > size
    if count is None and sought and not counted:
        count = _count_in_a_small_table(found)
    if count is None and not counted:
        return Page(rows[:size], number, offset + len(rows[:size]), has_next, has_next)
    if count is None:
        count = _count(found) if has_next or number > 1 else len(rows)
    return Page(rows[:size], number, min(count, COUNT_CAP), count > COUNT_CAP, has_next)


def _walk(found: QuerySet, shape: Shape, ordering: Sequence[str], window: slice, first: Q | None) -> list[str]:
    """The window, or fewer rows than it has if walking does not tell."""
    if first is None:
        return _json(walked(found, shape, ordering, window))
    rows = _json(walked(found.filter(first), shape, ordering, window, within=first))
    missing = window.stop - window.start - len(rows)
    if missing and not window.start:  # the rest, provided that those which come first were walked to their end
        unwalked = found.model._default_manager.filter(first).values("pk")[WALK : WALK + 1]
        rest = found.exclude(first).filter(~Exists(unwalked))
        rows += _json(walked(rest, shape, ordering, slice(0, missing)))
    return rows


def _leading(first: Q | None) -> list[OrderBy]:
    return [] if first is None else [OrderBy(ExpressionWrapper(first, BooleanField()), descending=True)]


def walked(found: QuerySet, shape: Shape, ordering: Sequence[str], window: slice, within: Q | None = None) -> QuerySet:
    """The window as far as the first WALK rows of the order hold it, or the first of those `within`."""
    name, descending = ordering[0].lstrip("-"), ordering[0].startswith("-")
    all_ = found.model._default_manager.filter(within or Q()).order_by(*ordering).values(name)
    end = Coalesce(Subquery(all_[WALK : WALK + 1]), Subquery(all_.reverse()[:1]))
    near = found.filter(**{f"{name}__{'gte' if descending else 'lte'}": end})
    return shape(near.order_by(*ordering))[window]


def sorted_out(found: QuerySet, ordering: Sequence[str | OrderBy], window: slice) -> QuerySet:
    """The keys of the window of everything found, in order, each with how many there are."""
    keys = found.order_by(*(_hidden(found, name) for name in ordering))
    return keys.annotate(total=Window(Count("*"))).values_list("pk", "total")[window]


def _sorted_out(
    found: QuerySet, shape: Shape, ordering: Sequence[str | OrderBy], window: slice
) -> tuple[list[str], int]:
    """The rows of the window, and how many were found. The keys alone are sorted; the rows are fetched then."""
    try:
        sql, params = sorted_out(found, ordering, window).query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    wanted = shape(found.model._default_manager.filter(pk__in=RawSQL("SELECT pk FROM keys", [])).order_by(*ordering))
    inner, inner_params = wanted.query.sql_with_params()
    statement = f"""
        WITH keys (pk, total) AS MATERIALIZED ({sql})
        SELECT row_to_json(r)::text, (SELECT max(total) FROM keys) FROM ({inner}) r
    """  # noqa: S608 - what the ORM wrote
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *inner_params])
        found_rows = cursor.fetchall()
    return [row for row, _total in found_rows], found_rows[0][1] if found_rows else 0


def _json(queryset: QuerySet) -> list[str]:
    return _column("SELECT row_to_json(r)::text FROM ({}) r", queryset)


def _count(queryset: QuerySet) -> int:
    return int((_column("SELECT count(*) FROM ({}) r", queryset.order_by().values("pk")[: COUNT_CAP + 1]) or [0])[0])


def _count_in_a_small_table(queryset: QuerySet) -> int | None:
    """The same, where the table has no more rows than SMALL, as its statistics say; else None."""
    rows = f"SELECT reltuples FROM pg_class WHERE oid = '{queryset.model._meta.db_table}'::regclass"  # noqa: S608 - our own table
    counted = f"SELECT CASE WHEN ({rows}) <= {SMALL} THEN (SELECT count(*) FROM ({{}}) r) END"  # noqa: S608
    return (_column(counted, queryset.order_by().values("pk")[: COUNT_CAP + 1]) or [0])[0]


def _column(statement: str, queryset: QuerySet) -> list[Any]:
    """The one column of a statement that has the queryset in the place of its braces."""
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql), params)
        return [value for (value,) in cursor.fetchall()]


def _hidden(queryset: QuerySet, name: str | OrderBy) -> OrderBy | str:
    """The order in a form that no index has, so that the planner sorts what the search index found."""
    if isinstance(name, OrderBy):
        return name
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
