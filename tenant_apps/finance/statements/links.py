"""Where a number leads: to the entries or the payments it was counted from."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

ENTRIES, PAYMENTS = "/entries/", "/payments/"


def entries(**filters: Any) -> str:
    """The list of entries, so filtered; nothing where there is no such list."""
    return _list(ENTRIES, filters)


def payments(**filters: Any) -> str:
    """The list of payments that count, so filtered; nothing where there is no such list."""
    return _list(PAYMENTS, filters)


def _list(path: str, filters: dict[str, Any]) -> str:
    if not is_mounted(path):
        return ""
    query = {name: value.isoformat() if isinstance(value, date) else value for name, value in filters.items() if value}
    return f"{path}?{urlencode(query)}"


@cache
def is_mounted(path: str) -> bool:
    try:
        resolve(path, urlconf=settings.TENANT_URLCONF)
    except Resolver404:
        return False
    return True
