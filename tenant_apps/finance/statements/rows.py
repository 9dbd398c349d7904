"""Statements as rows of a table: what a CSV file holds, and what the PDF prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenant_apps.finance.models import Kind
from tenant_apps.finance.statements.ageing import Ageing
from tenant_apps.finance.statements.cash_flow import CashFlow
from tenant_apps.finance.statements.client import Account, AccountLine
from tenant_apps.finance.statements.income import Income

Rows = Iterator[list[Any]]


def month_label(day: date) -> str:
    """ "Nov 2026"."""
    return date_format(day, "M Y")


def age_labels() -> list[str]:
    return [
        _("Not due yet"), _("1 to 30 days"), _("31 to 60 days"), _("61 to 90 days"), _("More than 90 days"),
    ]  # fmt: skip


def of_cash_flow(flow: CashFlow) -> Rows:
    yield [
        _("From"), _("Until"), _("Received"), _("Paid"), _("To receive"), _("To pay"), _("Result"), _("Balance"),
    ]  # fmt: skip
    for row in flow.rows:
        yield [
            row.period.start, row.period.end, row.came, row.went, row.to_come, row.to_go, row.net, row.balance,
        ]  # fmt: skip
    totals = flow.totals
    yield [_("Total"), "", *(totals[name] for name in ("came", "went", "to_come", "to_go", "net")), flow.closing]


def of_ageing(found: Ageing) -> Rows:
    yield [_("Client"), *age_labels(), _("Total")]
    for row in found.rows:
        yield [row.name or _("Without a name"), *row.amounts, row.total]
    yield [_("Total"), *found.totals, found.total]


def of_income(found: Income) -> Rows:
    yield [_("Kind"), _("Category"), *(month.strftime("%Y-%m") for month in found.months), _("Total")]
    for kind, label in ((Kind.RECEIVABLE, _("Income")), (Kind.PAYABLE, _("Expenses"))):
        for row in found.of(kind):
            yield [label, row.name, *(row.amounts[month] for month in found.months), row.total]
        yield [label, _("Total"), *found.totals(kind), found.total(kind)]
    yield [_("Result"), "", *found.results, found.result]


def of_account(found: Account) -> Rows:
    yield [_("Date"), _("Description"), _("Charged"), _("Settled"), _("Balance")]
    yield [found.period.start, _("Balance before"), "", "", found.opening]
    for line in found.lines:
        yield [line.on, told(line), line.charged or "", line.settled or "", line.balance]
    yield [found.period.end, _("Balance"), found.charged, found.settled, found.closing]


def told(line: AccountLine) -> str:
    if line.is_charge:
        return line.description
    return _("Payment (%(method)s): %(description)s") % {"method": line.method, "description": line.description}
