"""Where a number leads: to the entries it was counted from."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

ENTRIES = "/entries/"


def entries(**filters: Any) -> str:
    """The list of entries, so filtered; nothing where there is no such list."""
    if not is_mounted():
        return ""
    query = {name: value.isoformat() if isinstance(value, date) else value for name, value in filters.items() if value}
    return f"{ENTRIES}?{urlencode(query)}"


@cache
def is_mounted() -> bool:
    try:
        resolve(ENTRIES, urlconf=settings.TENANT_URLCONF)
    except Resolver404:
        return False
    return True
