"""Writing down what is due, and changing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.core.errors import Stale
from shared_apps.core.finding import uuid_or_none
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.finance import services
from tenant_apps.finance.api.entries import found
from tenant_apps.finance.errors import EntryCancelled
from tenant_apps.finance.forms import EntryForm, read_amount
from tenant_apps.finance.models import Kind
from tenant_apps.finance.money import MOST
from tenant_apps.finance.services.entries import MOST_INSTALMENTS
from tenant_apps.team.actor import actor_of


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def entry_new(request: HttpRequest) -> HttpResponse:
    services.ensure_categories()
    if request.method == "GET":
        kind = request.GET.get("kind", "")
        client = uuid_or_none(request.GET.get("client", ""))
        initial = {"id": uuid7(), "kind": kind if kind in Kind.values else "receivable", "client": client}
        return _show(request, EntryForm(initial={**initial, "due_on": current.today(), "instalments": 1}))
    form = EntryForm(request.POST)
    if form.is_valid():
        given = form.given()
        made = form.attempt(
            services.create_entry, actor=actor_of(request), id=form.cleaned_data["id"] or uuid7(), **given
        )
        if made:
            toast(request, _("%(name)s is in the book.") % {"name": made[0].description})
            return redirect("finance:detail", pk=made[0].pk)
    return _show(request, form, 422)


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def entry_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = found(pk)
    if entry.cancellation_id is not None:
        raise EntryCancelled
    if request.method == "GET":
        return _show(request, EntryForm(stored=entry))
    form = EntryForm(request.POST, stored=entry)
    if form.is_valid():
        expected = [form.cleaned_data["version"] or 0]
        try:
            saved = form.attempt(
                services.update_entry, entry, actor=actor_of(request), expected=expected, **form.given()
            )
        except Stale as error:
            form.add_error(None, error.detail)
            saved = None
        if saved is not None:
            toast(request, _("Saved."))
            return redirect("finance:detail", pk=pk)
    return _show(request, form, 422)


@requires(Permission.FINANCE_MANAGE)
@methods("GET")
@never_cache
def instalments(request: HttpRequest) -> HttpResponse:
    """What the instalments would be, while one types. Nothing for what makes none."""
    amount = read_amount(request.GET.get("amount", "")[:24])
    typed = request.GET.get("instalments", "")
    count = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1
    form = EntryForm({"due_on": request.GET.get("due_on", "")})
    form.is_valid()
    due_on = form.cleaned_data.get("due_on")
    parts: list[tuple[str, str]] = []
    if amount and 0 < amount <= MOST and due_on and due_on.year < 2090 and 1 < count <= MOST_INSTALMENTS:
        currency = current.currency()
        found_parts = services.instalments_of(amount, due_on, count)
        parts = [(formats.date(day), formats.money(part, currency)) for day, part in found_parts]
    return render(request, "finance/_instalments.html", {"parts": parts})


def _show(request: HttpRequest, form: EntryForm, status: int = 200) -> HttpResponse:
    values: dict[str, Any] = {"form": form, "entry": form.stored, "chosen": form.client_shown()}
    return render(request, "finance/edit.html", values, status=status)
