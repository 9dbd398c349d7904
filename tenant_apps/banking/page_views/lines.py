"""/bank/: the movements as an inbox, each with what it may be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import DomainError
from shared_apps.organizations.permissions import Permission, allows, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.banking import matching, queries, services
from tenant_apps.banking.forms import NewEntryForm, parts_of, payments_of
from tenant_apps.banking.models import StatementLine
from tenant_apps.clients.page_views.answers import back
from tenant_apps.finance.services import ensure_categories
from tenant_apps.team.actor import actor_of

SIZE = 20
MAX_PAGE = 10_000


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def line_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    state = state if state in queries.STATES else "open"
    search = " ".join(request.GET.get("search", "").replace("\x00", "").split())[:100]
    typed = request.GET.get("page", "")
    number = min(max(int(typed), 1), MAX_PAGE) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
    found = list(queries.lines(state=state, search=search)[(number - 1) * SIZE : number * SIZE + 1])
    shown = found[:SIZE]
    counts = queries.counts()
    values = {
        "state": state,
        "search": search,
        "counts": counts,
        "rows": _with_offers(shown, state),
        "is_empty": not any(counts.values()),
        "page": number,
        "has_next": len(found) > SIZE,
    }
    return render(request, "banking/lines.html", values)


def _with_offers(lines: list[StatementLine], state: str) -> list[dict[str, Any]]:
    offers = matching.suggestions(lines) if state == "open" else {}
    return [{"line": line, "state": state, "offers": offers.get(line.pk, [])} for line in lines]


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def line_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, queries.line(pk))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def explain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """By payments that are recorded, or by entries that it paid. What does not come to the sum shows again."""
    line = queries.line(pk)
    try:  # a refusal is said beside the choice, which is kept: there is no form that could hold it
        if payments := payments_of(request.POST):
            services.explain_with_payments(
                line, actor=actor_of(request), payment_ids=payments, now=timezone.now()
            )  # fmt: skip
        else:
            parts = parts_of(request.POST, line)
            services.explain_with_entries(line, actor=actor_of(request), parts=parts, now=timezone.now())
    except DomainError as error:
        if "split" not in request.POST:
            raise
        return _page(request, line, problem=error.detail, status=422)
    toast(request, _("Explained."), undo_url=reverse("banking:reopen", args=[pk]))
    return _next(request)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def explain_with_new_entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    line = queries.line(pk)
    form = NewEntryForm(line, request.POST)
    if not form.is_valid():
        return _page(request, line, form=form, status=422)
    now = timezone.now()
    made = form.attempt(
        services.explain_with_new_entry, line, actor=actor_of(request), now=now, **form.cleaned_data
    )  # fmt: skip
    if made is None:
        return _page(request, line, form=form, status=422)
    toast(request, _("Written down and paid."), undo_url=reverse("banking:reopen", args=[pk]))
    return redirect("banking:lines")


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def ignore(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.ignore_line(queries.line(pk), actor=actor_of(request), now=timezone.now())
    toast(request, _("Put aside."), undo_url=reverse("banking:reopen", args=[pk]))
    return _next(request)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.reopen_line(queries.line(pk), actor=actor_of(request), now=timezone.now())
    toast(request, _("The movement is open again."), tone="info")
    return back(request, reverse("banking:line", args=[pk]))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def accept_certain(request: HttpRequest) -> HttpResponse:
    done, waits = services.accept_certain(actor=actor_of(request), now=timezone.now())
    text = ngettext("%(count)d movement explained.", "%(count)d movements explained.", done) % {"count": done}
    if not done:
        text = _("None leaves no doubt. Have a look at each.")
    elif waits:
        text += " " + _("There are more: once again.")
    toast(request, text, tone="success" if done else "info")
    return redirect("banking:lines")


def _next(request: HttpRequest) -> HttpResponse:
    """To the inbox, at the place where somebody was, but never to the line that is done."""
    came = request.POST.get("next", "")
    return back(request, reverse("banking:lines")) if came else redirect("banking:lines")


def _page(
    request: HttpRequest, line: StatementLine, *, form: NewEntryForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    state = queries.state_of(line)
    search = " ".join(request.GET.get("search", "").replace("\x00", "").split())[:100]
    values: dict[str, Any] = {"line": line, "state": state, "search": search, "problem": problem}
    if state == "open" and allows(actor_of(request).role, Permission.FINANCE_MANAGE):
        ensure_categories()
        chosen = set(request.POST.getlist("entry"))
        values |= {
            "offers": matching.suggestions([line])[line.pk],
            "entries": [
                {
                    "entry": entry,
                    "is_chosen": str(entry.pk) in chosen,
                    "amount": request.POST.get(f"amount_{entry.pk}", ""),
                }
                for entry in queries.open_entries(line, search)
            ],
        }
        form = form or NewEntryForm(line, initial={"description": line.memo[:200]})
        values |= {"form": form, "chosen": form.client_shown()}
    return render(request, "banking/line.html", values, status=status)
