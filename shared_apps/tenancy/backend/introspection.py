"""Introspection that sees the active schema alone, never the public tables behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.db.backends.postgresql.introspection import DatabaseIntrospection

from shared_apps.tenancy import context


def _alone(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def in_schema_alone(self: Any, *args: Any, **kwargs: Any) -> Any:
        with context.activate(replace(context.active(), with_public=False)):
            return method(self, *args, **kwargs)

    return in_schema_alone


class Introspection(DatabaseIntrospection):
    get_table_list = _alone(DatabaseIntrospection.get_table_list)
    get_table_description = _alone(DatabaseIntrospection.get_table_description)
    get_sequences = _alone(DatabaseIntrospection.get_sequences)
    get_constraints = _alone(DatabaseIntrospection.get_constraints)
