"""The list of entries, and what is done to many at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.api import rows
from shared_apps.web.toasts import toast
from tenant_apps.clients import queries as clients
from tenant_apps.clients.page_views.answers import back, ids_of
from tenant_apps.finance import export, page_filters, queries, services
from tenant_apps.finance.forms import ManyPaidForm
from tenant_apps.finance.models import Category, Method
from tenant_apps.finance.providers.queries import unsettled
from tenant_apps.finance.states import TONES, State
from tenant_apps.team.actor import actor_of

SIZE = 50
ICONS = {"open": "clock", "partial": "progress", "overdue": "alert-triangle", "paid": "check", "cancelled": "x"}


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def entry_list(request: HttpRequest) -> HttpResponse:
    asked, today = page_filters.asked(request.GET), current.today()
    found = queries.entries(asked.wanted, today=today)
    page = rows.page(
        found,
        partial(queries.entry_rows, today=today),
        asked.ordering,
        number=asked.page,
        size=SIZE,
        sought=asked.wanted.is_narrow,
        walking=found if queries.has_index(asked.ordering) else None,
        counted=False,
    )
    currency, totals = current.currency(), queries.totals(found)
    shown = [_row(orjson.loads(row), currency) for row in page.rows]
    is_swap = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    values: dict[str, Any] = {
        "asked": asked,
        "rows": shown,
        "totals": totals,
        "currency": currency,
        "summary": ngettext("%(count)s entry", "%(count)s entries", totals.count)
        % {"count": formats.number(totals.count)},
        "previous": asked.address(asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(asked.page + 1) if page.has_next else "",
        "here": request.path,
        "unsettled": [] if is_swap else unsettled(),
        "full_path": f"{request.path}{asked.address(asked.page)}",
        "methods": Method.choices,
        "today": today,
        "tabs": page_filters.tabs(asked),
        "states": page_filters.states(asked),
        "is_all": not asked.query,
    }
    if not is_swap:
        hidden = {
            name: value
            for name, value in asked.pairs.items()
            if name in {"kind", "status", "client", "contract", "group", "issued_from", "issued_until"}
        }
        values |= {"hidden": hidden.items(), "categories": Category.objects.order_by("-kind", "name")}
    answer = render(request, "finance/_list.html" if is_swap else "finance/list.html", values)
    if is_swap:
        answer["HX-Push-Url"] = values["full_path"]
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def entry_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows as CSV, sent while it is made."""
    asked, today = page_filters.asked(request.GET), current.today()
    found = queries.entries(asked.wanted, today=today).order_by(*asked.ordering)
    answer = StreamingHttpResponse(
        export.csv_lines(found, today=today, language=get_language() or ""), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_("entries")}-{today.isoformat()}.csv"'
    answer["X-Accel-Buffering"] = "no"
    return answer


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def pay_many(request: HttpRequest) -> HttpResponse:
    """Mark the chosen ones as paid with what is due on that day."""
    form = ManyPaidForm(request.POST)
    if not form.is_valid():
        raise FieldError("paid_on", _("Say when and how they were paid."))
    made = services.pay_entries(ids_of(request), actor=actor_of(request), **form.cleaned_data)
    total = sum((payment.amount for payment in made), Decimal(0))
    text = ngettext("%(count)d entry paid: %(total)s.", "%(count)d entries paid: %(total)s.", len(made))
    toast(request, text % {"count": len(made), "total": formats.money(total, current.currency())})
    return back(request, reverse("finance:list"))


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def client_search(request: HttpRequest) -> HttpResponse:
    """Clients whose name, phone or document begins so, to choose one of in a form."""
    typed = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    found = (
        clients.clients(clients.Wanted(search=typed)).order_by("name_key", "id").defer("search")[:8] if typed else []
    )
    return render(request, "finance/_clients.html", {"found": found, "typed": typed})


def _row(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """A row of the list as it is written."""
    amount, paid = Decimal(row["amount"]), Decimal(row["paid"])
    part = f" ({row['instalment']}/{row['instalments']})" if row["instalment"] else ""
    state = State(row["state"])
    return {
        "pk": row["id"],
        "name": f"{row['description']}{part}",
        "who": row["client_name"] or row["party"],
        "category": row["category_name"] or "",
        "due_on": formats.date(date.fromisoformat(row["due_on"])),
        "amount": formats.money(amount, currency),
        "open": formats.money(amount - paid, currency) if paid and paid < amount else "",
        "is_payable": row["kind"] == "payable",
        "state": capfirst(str(state.label)),
        "tone": TONES[state],
        "icon": ICONS[state],
        "can_pay": state in {State.OPEN, State.PARTIAL, State.OVERDUE},
    }
