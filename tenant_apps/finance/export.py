"""Entries as a CSV file, made while it is sent: a server-side cursor, some rows in memory at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tenant_apps.finance.models import EntryQuerySet, Kind
from tenant_apps.finance.states import State, state_column

LOT = 2000
BOM = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(found: EntryQuerySet, *, today: date, language: str) -> Iterator[bytes]:
    """UTF-8 with a BOM; semicolons and decimal commas where Portuguese is spoken. No text runs as a formula."""
    portuguese = language.lower().startswith("pt")
    with translation.override(language):
        head = [
            _("Kind"), _("Status"), _("Description"), _("Client"), _("Supplier or payer"), _("Category"),
            pgettext("money", "Amount"), _("Paid"), _("Issued on"), _("Due on"), _("Settled on"), _("Instalment"),
        ]  # fmt: skip
        kinds = {kind: capfirst(str(label)) for kind, label in Kind.choices}
        states = {state: capfirst(str(label)) for state, label in State.choices}
    named = found.annotate(state=state_column(today), client_name=F("client__name"), category_name=F("category__name"))
    rows: QuerySet[Any, Any] = named.values_list(
        "kind", "state", "description", "client_name", "party", "category_name", "amount", "paid", "issued_on",
        "due_on", "settled_on", "instalment", "instalments",
    )  # fmt: skip
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=";" if portuguese else ",")
    writer.writerow(head)
    for number, (kind, state, *values, instalment, count) in enumerate(rows.iterator(chunk_size=LOT), start=1):
        part = f"{instalment} / {count}" if instalment else ""
        writer.writerow([kinds[kind], states[state], *(_text(value, portuguese) for value in values), part])
        if number % LOT == 0:
            yield _drained(buffer)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _text(value: Any, portuguese: bool) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return str(value).replace(".", ",") if portuguese else str(value)
        case date():
            return value.strftime("%d/%m/%Y" if portuguese else "%Y-%m-%d")
        case str() if value.startswith(FORMULAS):
            return f"'{value}"
        case _:
            return str(value)
