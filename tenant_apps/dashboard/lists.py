"""Where a number leads: to the list it was counted from, of those that are there and that the reader may see."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

from tenant_apps.dashboard.periods import Days


@cache
def mounted(path: str) -> str:
    """The path, if some app answers at it; else nothing."""
    try:
        resolve(path, urlconf=settings.TENANT_URLCONF)
    except Resolver404:
        return ""
    return path


def report(key: str, can: dict[str, bool], days: Days | None = None, **filters: Any) -> str:
    """A report's address; nothing for who may not read reports."""
    path = mounted(f"/reports/{key}/") if can["reports_view"] else ""
    if not path:
        return ""
    query = {name: value for name, value in filters.items() if value}
    if days:
        query = {"from": days.first.isoformat(), "until": days.last.isoformat(), **query}
    return f"{path}?{urlencode(query)}" if query else path
