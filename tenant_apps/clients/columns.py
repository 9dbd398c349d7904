"""The list's columns, and a row of it as HTML.

Written with f-strings: a template would take longer over fifty rows than the database does. Everything that somebody
typed goes through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core import formats
from tenant_apps.clients.models import CustomField
from tenant_apps.clients.page_filters import CUSTOM

DEFAULT = ("contact", "city", "tags")
MAX_COLUMNS = 8
TAGS_SHOWN = 3
LABELS: dict[str, str | Promise] = {
    "contact": gettext_lazy("Contact"),
    "document": gettext_lazy("CPF or CNPJ"),
    "city": gettext_lazy("City"),
    "tags": gettext_lazy("Tags"),
    "created_at": gettext_lazy("Since"),
    "updated_at": gettext_lazy("Last change"),
}
_BRAZILIAN = re.compile(r"\+55(\d{2})(\d{4,5})(\d{4})")
Row = Mapping[str, Any]


def known(chosen: Iterable[str], fields: Mapping[str, CustomField]) -> list[str]:
    """Those of the columns that there are, each once."""
    names = [name for name in dict.fromkeys(chosen) if name in LABELS or name.removeprefix(CUSTOM) in fields]
    return names[:MAX_COLUMNS]


def label(column: str, fields: Mapping[str, CustomField]) -> str:
    return fields[column.removeprefix(CUSTOM)].label if column.startswith(CUSTOM) else str(LABELS[column])


def cells(row: Row, columns: Sequence[str]) -> SafeString:
    """The row's cells beyond its name."""
    made = (_CELLS[column](row) if column in _CELLS else _custom(row, column) for column in columns)
    return mark_safe("".join(f'<td class="wide">{cell}</td>' for cell in made))  # noqa: S308 - escaped by each cell


def detail(row: Row) -> SafeString:
    """Under the name: the legal name; on a phone, where there are no columns, how to reach them and where."""
    parts = []
    if row["archived"]:
        parts.append(f'<small><span class="state" data-tone="neutral">{escape(_("archived"))}</span></small>')
    if row["legal_name"]:
        parts.append(f"<small>{escape(row['legal_name'])}</small>")
    reach = " · ".join(filter(None, [phone(row["phone"]), *row["cities"][:1]]))
    if reach:
        parts.append(f'<small class="d-md-none">{escape(reach)}</small>')
    return mark_safe("".join(parts))  # noqa: S308 - escaped above


def phone(number: str) -> str:
    """As `formats.phone`, without parsing what is plainly Brazilian."""
    match = _BRAZILIAN.fullmatch(number)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else formats.phone(number)


def value_text(field: CustomField | None, value: Any) -> str:
    """A custom value as people write it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is not None and field.type == CustomField.Type.DATE:
        return formats.date(datetime.fromisoformat(value).date())
    return formats.number(Decimal(str(value))) if isinstance(value, int | float) else str(value)


def _contact(row: Row) -> str:
    mail = f"<small>{escape(row['email'])}</small>" if row["email"] else ""
    return f'<span class="text-nowrap">{escape(phone(row["phone"]))}</span>{mail}'


def _city(row: Row) -> str:
    cities = row["cities"]
    more = f" <small>+{len(cities) - 1}</small>" if len(cities) > 1 else ""
    return f"{escape(cities[0])}{more}" if cities else ""


def _tags(row: Row) -> str:
    tags = row["tags"]
    more = f' <span class="quiet">+{len(tags) - TAGS_SHOWN}</span>' if len(tags) > TAGS_SHOWN else ""
    return " ".join(f'<span class="tag">{escape(tag)}</span>' for tag in tags[:TAGS_SHOWN]) + more


def _document(row: Row) -> str:
    return f'<span class="text-nowrap number">{escape(formats.document(row["document"]))}</span>'


def _moment(name: str) -> Callable[[Row], str]:
    return lambda row: f'<span class="text-nowrap">{formats.date(datetime.fromisoformat(row[name]))}</span>'


def _custom(row: Row, column: str) -> str:
    return escape(value_text(None, row["custom"].get(column.removeprefix(CUSTOM))))


_CELLS: dict[str, Callable[[Row], str]] = {
    "contact": _contact,
    "document": _document,
    "city": _city,
    "tags": _tags,
    "created_at": _moment("created_at"),
    "updated_at": _moment("updated_at"),
}
