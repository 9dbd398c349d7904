"""Queries whose SQL is composed once: for the few that a job asks in a thousand schemas.

Django composes a query's SQL each time it is asked, which costs several times what a small one takes otherwise. Here
the query is written as always, with the manager's and the queryset's own words; only its composing is remembered:

@prepared
def _coming(since: Given) -> QuerySet:
    return Appointment.objects.standing().filter(starts_at__gte=since).values_list("pk", "starts_at")

rows = _coming(since=now)       # a list of tuples
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from inspect import signature
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet


class Given(Expression):
    """Stands for a value that is given when the query is asked; for a list with `any_of`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


def any_of(column: str, given: Given) -> Func:
    """`filter(any_of("pk", keys))`: the column is one of a list that is given."""
    return Func(F(column), given, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class _Composed:
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, tuple[list[Any], Any]]  # by column: what Django does to its values, and of which expression


class Prepared:
    """Call it with the query's parameters by name: it answers its rows, as tuples, in one statement."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]]) -> None:
        update_wrapper(self, compose)
        self._compose = compose
        self._composed: _Composed | None = None

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        known = self._composed or self._compose_once()
        filled = [values[one.name] if isinstance(one, Given) else one for one in known.parameters]
        with connection.cursor() as cursor:
            cursor.execute(known.sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, known) for row in rows] if known.converters else rows

    def _compose_once(self) -> _Composed:
        """Two threads may do it at the same time, with the same outcome."""
        given = {name: Given(name) for name in signature(self._compose).parameters}
        query = self._compose(**given).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if not query.values_select and not query.annotation_select:
            raise TypeError(f"{self._compose.__qualname__}: say with values_list() which columns it reads")
        converters = compiler.get_converters([expression for expression, *_rest in compiler.select])
        self._composed = _Composed(sql, tuple(parameters), converters)
        return self._composed


def _converted(row: tuple[Any, ...], known: _Composed) -> tuple[Any, ...]:
    values = list(row)
    for position, (functions, expression) in known.converters.items():
        for function in functions:
            values[position] = function(values[position], expression, connection)
    return tuple(values)


prepared = Prepared
