"""The list of payments: what came in and what went out, each leading to its entry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.core.csv_files import CONTENT_TYPE
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.api import rows
from tenant_apps.clients.models import Client
from tenant_apps.finance import export, payment_filters, payment_queries
from tenant_apps.finance.models import Category, Method

SIZE = 50


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def payment_list(request: HttpRequest) -> HttpResponse:
    asked, currency = payment_filters.asked(request.GET), current.currency()
    found = payment_queries.payments(asked.wanted)
    page = rows.page(
        found,
        payment_queries.payment_rows,
        payment_queries.NEWEST,
        number=asked.page,
        size=SIZE,
        sought=asked.wanted.is_narrow,
        walking=found,
        counted=False,
    )
    totals = payment_queries.payment_totals(found)
    values: dict[str, Any] = {
        "asked": asked,
        "rows": [_row(orjson.loads(row), currency) for row in page.rows],
        "totals": totals,
        "currency": currency,
        "summary": ngettext("%(count)s payment", "%(count)s payments", totals.count)
        % {"count": formats.number(totals.count)},
        "previous": asked.address(asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(asked.page + 1) if page.has_next else "",
        "here": request.path,
        "periods": payment_filters.periods(asked, current.today()),
        "tabs": payment_filters.tabs(asked),
        "methods": payment_filters.methods(asked),
        "hidden": [(name, asked.pairs[name]) for name in ("kind", "method") if name in asked.pairs],
        "categories": Category.objects.order_by("-kind", "name"),
        "chosen": Client.objects.only("id", "name").get(pk=asked.wanted.client) if asked.wanted.client else None,
    }
    return render(request, "finance/payments.html", values)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def payment_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows as CSV, sent while it is made."""
    found = payment_queries.payments(payment_filters.asked(request.GET).wanted).order_by(*payment_queries.NEWEST)
    lines = export.payment_lines(found, language=get_language() or "")
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{_("payments")}-{current.today().isoformat()}.csv"'
    answer["X-Accel-Buffering"] = "no"
    return answer


def _row(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """A row of the list as it is written."""
    extra = Decimal(row["extra"])
    return {
        "entry": row["entry"],
        "name": row["description"],
        "who": row["client_name"] or row["party"],
        "category": row["category_name"] or "",
        "paid_on": formats.date(date.fromisoformat(row["paid_on"])),
        "method": capfirst(str(Method(row["method"]).label)),
        "amount": formats.money(Decimal(row["amount"]), currency),
        "extra": formats.money(extra, currency) if extra else "",
        "is_out": row["kind"] == "payable",
        "is_reversed": row["reversed"],
    }
