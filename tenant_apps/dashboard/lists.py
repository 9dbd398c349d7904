"""Where a number leads: to the list it was counted from, of those that are there and that the reader may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tenant_apps.dashboard.periods import Days
from tenant_apps.reports.places import mounted


def payments(can: dict[str, bool], days: Days, *, kind: str = "", client: Any = None) -> str:
    """The payments of some days that count; nothing for who may not see finance."""
    path = mounted("/payments/") if can["finance_view"] else ""
    query = {"kind": kind, "client": client, "paid_from": days.first.isoformat(), "paid_until": days.last.isoformat()}
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}" if path else ""


def report(key: str, can: dict[str, bool], days: Days | None = None, **filters: Any) -> str:
    """A report's address; nothing for who may not read reports."""
    path = mounted(f"/reports/{key}/") if can["reports_view"] else ""
    if not path:
        return ""
    query = {name: value for name, value in filters.items() if value}
    if days:
        query = {"from": days.first.isoformat(), "until": days.last.isoformat(), **query}
    return f"{path}?{urlencode(query)}" if query else path
