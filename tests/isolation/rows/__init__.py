"""How to make, for every endpoint, a request that reaches real data. An endpoint without a row fails the suite.

A GET without arguments needs nothing said. Everything else is named by "METHOD /route" as the resolver spells it, in
the module of its area; each module's ROWS are found by themselves. The body of a page's row is what its form sends.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Collection
from importlib import import_module
from typing import Any

from django.urls import resolve

from tests.isolation.endpoints import Endpoint
from tests.isolation.rows.base import Row, Words, with_refresh_cookie
from tests.isolation.world import World

__all__ = ["ROWS", "Row", "arguments_of", "path_of", "row_of", "uncovered", "with_refresh_cookie"]

# What an argument of a route stands for, by its name; a row may say otherwise.
ARGUMENTS: dict[str, Words] = {}
ROWS: dict[str, Row] = {
    name: row
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__))
    for name, row in getattr(import_module(f"{__name__}.{module}"), "ROWS", {}).items()
}


def row_of(endpoint: Endpoint) -> Row | None:
    """The row of an endpoint; None: nobody has said how to reach its data."""
    row = ROWS.get(str(endpoint))
    if row is None and endpoint.is_safe and not endpoint.arguments:
        return Row()
    return row


def uncovered(endpoints: Collection[Endpoint]) -> list[str]:
    """The endpoints that the suite could not attack."""
    return sorted(
        str(endpoint)
        for endpoint in endpoints
        if (row := row_of(endpoint)) is None or not set(endpoint.arguments) <= {*ARGUMENTS, *row.arguments}
    )


def path_of(endpoint: Endpoint, arguments: dict[str, Any], *, urlconf: str) -> str:
    """The path of a route with its arguments filled in, without its query. Raises when it leads somewhere else."""
    path = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", r"<\1>", endpoint.route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(arguments[match[1]]), path)
    path = "/" + re.sub(r"\^|\$|\\Z|\\(?=\.)", "", path).replace("/?", "/")
    assert resolve(path, urlconf).route == endpoint.route.replace("/^", "/"), (
        f"{path} does not lead to {endpoint.route}"
    )
    return path


def arguments_of(endpoint: Endpoint, world: World) -> dict[str, Any]:
    row = row_of(endpoint) or Row()
    makers = {**ARGUMENTS, **row.arguments}
    return {name: makers[name](world) for name in endpoint.arguments}
