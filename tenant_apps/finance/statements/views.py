"""/finance/: the statements' pages, each also as a CSV file, a client's account as a PDF."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.csv_files import CONTENT_TYPE, csv_lines
from shared_apps.core.errors import NotThere
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.files import pdf
from tenant_apps.clients.models import Client
from tenant_apps.finance.statements import asking, papers, rows, showing
from tenant_apps.finance.statements.ageing import ageing
from tenant_apps.finance.statements.asking import Read, forgive
from tenant_apps.finance.statements.cash_flow import cash_flow
from tenant_apps.finance.statements.client import Account, account
from tenant_apps.finance.statements.income import income

MAX_PAGE = 10_000


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def cash_flow_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = asking.cash_flow(_reader(request), forgive, today=today)
    flow = cash_flow(asked.period, today=today, by=asked.by, opening=asked.opening)
    values = {"asked": asked, "flow": flow, **showing.of_cash_flow(flow, today=today, currency=current.currency())}
    return render(request, "finance/statements/cash_flow.html", values)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def cash_flow_file(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = asking.cash_flow(_reader(request), forgive, today=today)
    flow = cash_flow(asked.period, today=today, by=asked.by, opening=asked.opening)
    return _file(rows.of_cash_flow(flow), _("cash-flow"), asked.period.end)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def ageing_page(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("page", "")
    number = min(max(int(typed), 1), MAX_PAGE) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
    found = ageing(today=timezone.localdate(), page=number)
    values = {
        "found": found,
        "previous": f"?page={number - 1}" if number > 1 else "",
        "next": f"?page={number + 1}" if found.has_next else "",
        **showing.of_ageing(found, currency=current.currency()),
    }
    return render(request, "finance/statements/ageing.html", values)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def ageing_file(_request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return _file(rows.of_ageing(ageing(today=today, size=None)), _("receivables-by-age"), today)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def income_page(request: HttpRequest) -> HttpResponse:
    asked = asking.income(_reader(request), forgive, today=timezone.localdate())
    found = income(asked.period, basis=asked.basis)
    values = {"asked": asked, "found": found, **showing.of_income(found, currency=current.currency())}
    return render(request, "finance/statements/income.html", values)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def income_file(request: HttpRequest) -> HttpResponse:
    asked = asking.income(_reader(request), forgive, today=timezone.localdate())
    return _file(rows.of_income(income(asked.period, basis=asked.basis)), _("income-statement"), asked.period.end)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def account_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _account(request, pk)
    query = f"?from={found.period.start}&until={found.period.end}"
    return render(request, "finance/statements/account.html", {"found": found, "query": query})


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def account_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _account(request, pk)
    return _file(rows.of_account(found), slugify(found.client.name)[:60] or _("statement"), found.period.end)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def account_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _account(request, pk)
    content = papers.account_pdf(found, firm=current.letterhead(), currency=current.currency())
    return pdf(content, f"{slugify(found.client.name)[:60] or _('statement')}-{found.period.end}")


def _account(request: HttpRequest, pk: UUID) -> Account:
    client = Client.objects.defer("search").filter(pk=pk).first()
    if client is None:
        raise NotThere
    return account(client, asking.account(_reader(request), forgive, today=timezone.localdate()).period)


def _reader(request: HttpRequest) -> Read:
    return lambda name: request.GET.get(name, "")[:40].strip()


def _file(lines: Iterable[list[Any]], name: str, day: date) -> HttpResponse:
    content = csv_lines(lines, language=translation.get_language() or "")
    answer = HttpResponse(b"".join(content), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    return answer
