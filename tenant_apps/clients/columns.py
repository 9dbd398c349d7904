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
Cell = Callable[[Row], str]


def known(chosen: Iterable[str], fields: Mapping[str, CustomField]) -> list[str]:
    """Those of the columns that there are, each once."""
    names = [name for name in dict.fromkeys(chosen) if name in LABELS or name.removeprefix(CUSTOM) in fields]
    return names[:MAX_COLUMNS]


def label(column: str, fields: Mapping[str, CustomField]) -> str:
    return fields[column.removeprefix(CUSTOM)].label if column.startswith(CUSTOM) else str(LABELS[column])


def needed(columns: Iterable[str], *, archived: bool) -> list[str]:
    """What these columns, and what stands under the name, read of a row; with `archived` whether it is that, too."""
    read = (_READS.get(column, (column.partition(".")[0],)) for column in columns)
    under = ["id", "name", "legal_name", "phone", "cities", *(["archived"] if archived else [])]
    return list(dict.fromkeys([*under, *(name for names in read for name in names)]))


def table(rows: Iterable[Row], columns: Sequence[str], *, here: str, can_choose: bool) -> SafeString:
    """The list's rows. `here` is the list's path; with `can_choose` each has a box to choose it by."""
    archived = f'<small><span class="state" data-tone="neutral">{escape(_("archived"))}</span></small>'
    written = [_CELLS.get(column) or _custom(column) for column in columns]
    return mark_safe("".join(_row(row, written, here, can_choose, archived) for row in rows))  # noqa: S308 - escaped


def _row(row: Row, written: Sequence[Cell], here: str, can_choose: bool, archived: str) -> str:
    pk, name = row["id"], escape(row["name"])
    box = f'<input class="form-check-input" type="checkbox" name="ids" value="{pk}" aria-label="{name}">'
    pick = f'<td class="pick"><label>{box}</label></td>' if can_choose else ""
    cells = "".join([f'<td class="wide">{cell(row)}</td>' for cell in written])
    detail = _detail(row, archived)
    return f'<tr>{pick}<td class="main-cell"><a class="main" href="{here}{pk}/">{name}</a>{detail}</td>{cells}</tr>'


def _detail(row: Row, archived: str) -> str:
    """Under the name: the legal name; on a phone, where there are no columns, how to reach them and where."""
    legal = f"<small>{escape(row['legal_name'])}</small>" if row["legal_name"] else ""
    reach = " · ".join(filter(None, [phone(row["phone"]), *row["cities"][:1]]))
    small = f'<small class="d-md-none">{escape(reach)}</small>' if reach else ""
    return f"{archived if row.get('archived') else ''}{legal}{small}"


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


def _moment(name: str) -> Cell:
    return lambda row: f'<span class="text-nowrap">{formats.date(datetime.fromisoformat(row[name]))}</span>'


def _custom(column: str) -> Cell:
    key = column.removeprefix(CUSTOM)
    return lambda row: escape(value_text(None, row["custom"].get(key)))


_READS = {"contact": ("phone", "email"), "city": ("cities",)}  # the others read what they are called
_CELLS: dict[str, Cell] = {
    "contact": _contact,
    "document": _document,
    "city": _city,
    "tags": _tags,
    "created_at": _moment("created_at"),
    "updated_at": _moment("updated_at"),
}
