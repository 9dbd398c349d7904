"""Entries and payments as CSV files, made while it is sent: a server-side cursor, some rows in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shared_apps.core import csv_files
from tenant_apps.finance.models import EntryQuerySet, Kind, Method, PaymentQuerySet
from tenant_apps.finance.states import State, state_column

LOT = 2000


def csv_lines(found: EntryQuerySet, *, today: date, language: str) -> Iterator[bytes]:
    """As every CSV file here (core.csv_files), the head in this language."""
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

    def lines() -> Iterator[list[Any]]:
        yield head
        for kind, state, *values, instalment, count in rows.iterator(chunk_size=LOT):
            part = f"{instalment} / {count}" if instalment else ""
            yield [kinds[kind], states[state], *values, part]

    return csv_files.csv_lines(lines(), language=language)


def payment_lines(found: PaymentQuerySet, *, language: str) -> Iterator[bytes]:
    with translation.override(language):
        head = [
            _("Paid on"), _("Kind"), _("Description"), _("Client"), _("Supplier or payer"), _("Category"), _("Method"),
            pgettext("money", "Amount"), _("Late fee and interest"), _("Discount"), _("Reference"), _("Reversed"),
        ]  # fmt: skip
        kinds = {Kind.RECEIVABLE.value: _("Received"), Kind.PAYABLE.value: _("Paid out")}
        methods = {method: capfirst(str(label)) for method, label in Method.choices}
        yes = _("yes")
    rows: QuerySet[Any, Any] = found.values_list(
        "paid_on", "entry__kind", "entry__description", "entry__client__name", "entry__party", "entry__category__name",
        "method", "amount", "extra", "discount", "reference", "reversal_id",
    )  # fmt: skip

    def lines() -> Iterator[list[Any]]:
        yield head
        for paid_on, kind, description, client, party, category, method, *values, reversal in rows.iterator(LOT):
            names = [description, client, party, category, methods[method]]
            yield [paid_on, kinds[kind], *names, *values, yes if reversal else ""]

    return csv_files.csv_lines(lines(), language=language)
