"""What the pages show of the statements: charts, and where each number leads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.core import formats
from tenant_apps.finance.models import Kind
from tenant_apps.finance.statements import links
from tenant_apps.finance.statements.ageing import Ageing, bounds
from tenant_apps.finance.statements.cash_flow import CashFlow
from tenant_apps.finance.statements.income import Income, IncomeRow
from tenant_apps.finance.statements.periods import Period
from tenant_apps.finance.statements.rows import age_labels, month_label


def of_cash_flow(flow: CashFlow, *, today: date, currency: str) -> dict[str, Any]:
    named = [(formats.date(r.period.start) if flow.by == "day" else month_label(r.period.start), r) for r in flow.rows]
    late = {"status": "overdue", "due_from": flow.period.start, "due_until": min(flow.period.end, today)}
    due = {"status": "open", "due_from": max(flow.period.start, today), "due_until": flow.period.end}
    return {
        "lines": [
            {
                "label": label,
                "row": row,
                "is_now": row.period.start <= today <= row.period.end,
                "came_href": paid("receivable", row.period),
                "went_href": paid("payable", row.period),
                "in_href": links.entries(
                    kind="receivable", status="open", due_from=max(row.period.start, today), due_until=row.period.end
                ),
                "out_href": links.entries(
                    kind="payable", status="open", due_from=max(row.period.start, today), due_until=row.period.end
                ),
            }
            for label, row in named
        ],
        "came_href": paid("receivable", flow.period),
        "went_href": paid("payable", flow.period),
        "due_in_href": links.entries(kind="receivable", **due),
        "due_out_href": links.entries(kind="payable", **due),
        "late_in_href": links.entries(kind="receivable", **late),
        "late_out_href": links.entries(kind="payable", **late),
        "series": [_("Money in"), _("Money out")],
        "bars": [
            {"label": label, "cells": cells([row.came + row.to_come, row.went + row.to_go], currency)}
            for label, row in named
        ],
    }


def of_ageing(found: Ageing, *, currency: str) -> dict[str, Any]:
    labels = age_labels()
    hrefs = [
        links.entries(kind="receivable", status="open", due_from=first, due_until=last)
        for first, last in bounds(found.today)
    ]
    return {
        "labels": labels,
        "ages": [
            {"label": label, "amount": amount, "href": href, "tone": "danger" if number == 4 and amount else ""}
            for number, (label, amount, href) in enumerate(zip(labels, found.totals, hrefs, strict=True))
        ],
        "series": [_("Still open")],
        "bars": [
            {"label": label, "cells": cells([amount], currency), "href": href}
            for label, amount, href in zip(labels, found.totals, hrefs, strict=True)
        ],
    }


def of_income(found: Income, *, currency: str) -> dict[str, Any]:
    """Sections of rows, each cell with its month, as the table has them."""
    earned, spent = found.totals(Kind.RECEIVABLE), found.totals(Kind.PAYABLE)
    sections = [
        {
            "title": title,
            "rows": [
                {
                    "row": row,
                    "cells": [
                        (row.amounts[month], counted(found, row, found.period.part(month, by="month")))
                        for month in found.months
                    ],
                    "href": counted(found, row, found.period),
                }
                for row in found.of(kind)
            ],
            "totals": totals,
            "total": found.total(kind),
        }
        for kind, title, totals in (("receivable", _("Income"), earned), ("payable", _("Expenses"), spent))
    ]
    labels = [month_label(month) for month in found.months]
    return {
        "labels": labels,
        "sections": sections,
        "series": [_("Income"), _("Expenses")],
        "bars": [
            {"label": label, "cells": cells([came, went], currency)}
            for label, came, went in zip(labels, earned, spent, strict=True)
        ],
    }


def paid(kind: str, period: Period, **filters: Any) -> str:
    """The payments of a kind in a period."""
    return links.payments(kind=kind, paid_from=period.start, paid_until=period.end, **filters)


def counted(found: Income, row: IncomeRow, period: Period) -> str:
    """What a line of the income statement was counted from; what has no category has no list of its own."""
    if not row.category_id:
        return ""
    if found.basis == "cash":
        return paid(row.kind, period, category=row.category_id)
    return links.entries(kind=row.kind, category=row.category_id, issued_from=period.start, issued_until=period.end)


def cells(values: list[Decimal], currency: str) -> list[dict[str, Any]]:
    return [{"value": value, "text": formats.money(value, currency)} for value in values]
