"""What a report is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.functional import Promise

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission
from tenant_apps.reports.asked import Asked

Kind = Literal["text", "date", "moment", "money", "number"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`value` makes the cell of a row, else it is what stands under `key`. `width`: its share of a sheet of paper.

    `total`: its sum stands at the end. `is_main`: what the row is about, on a phone too.
    """

    key: str
    label: str | Promise
    kind: Kind = "text"
    width: float = 1.0
    value: Callable[[Row], Any] | None = None
    total: bool = False
    is_main: bool = False

    def of(self, row: Row) -> Any:
        return self.value(row) if self.value else row[self.key]

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number")

    def shown(self, value: Any) -> str:
        """As people read it, in the active language and time zone."""
        if value is None or value == "":
            return ""
        match self.kind:
            case "money":
                return formats.money(value)
            case "number":
                return formats.number(value)
            case "date":
                return formats.date(value)
            case "moment":
                return formats.date_time(value)
            case _:
                return str(value)


@dataclass(frozen=True, slots=True)
class Report:
    """`rows` gives dictionaries with what the columns need, ordered; `filters` are names of `asked.NAMES`, where
    "period" stands for both days. `statuses` maps a key to its words. `href` leads from a row to its page.
    """

    key: str
    title: str | Promise
    about: str | Promise
    icon: str
    permission: Permission
    columns: tuple[Column, ...]
    rows: Callable[[Asked], QuerySet[Any, Any]]
    sums: Callable[[QuerySet[Any, Any]], dict[str, Decimal | int | None]]
    filters: tuple[str, ...]
    statuses: Mapping[str, str | Promise] = field(default_factory=dict)
    href: Callable[[Row], str] | None = None
