"""How the firm is paid, what its entries are for, and what comes back every month."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import finding
from shared_apps.core.errors import Stale
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.finance import services
from tenant_apps.finance.forms import CategoryForm, ReceivingForm, RecurrenceForm
from tenant_apps.finance.models import Category, Recurrence
from tenant_apps.team.actor import actor_of

M = TypeVar("M", bound=Model)


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def receiving(request: HttpRequest) -> HttpResponse:
    form = ReceivingForm(request.POST or None, stored=services.policy())
    if request.method == "POST" and form.is_valid():
        saved = form.attempt(services.update_policy, actor=actor_of(request), **form.given())
        if saved is not None:
            toast(request, _("Saved."))
            return redirect("finance:receiving")
    return _receiving(request, form, CategoryForm(), 422 if request.method == "POST" else 200)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def category_add(request: HttpRequest) -> HttpResponse:
    form = CategoryForm(request.POST)
    if form.is_valid():
        made = form.attempt(services.add_category, actor=actor_of(request), **form.cleaned_data)
        if made is not None:
            toast(request, _("%(name)s is a category now.") % {"name": made.name})
            return redirect("finance:receiving")
    return _receiving(request, ReceivingForm(stored=services.policy()), form, 422)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def category_use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """In use or out of it: entries that have it keep it."""
    category = _found(Category, pk)
    services.change_category(category, actor=actor_of(request), is_active=not category.is_active)
    return redirect("finance:receiving")


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def recurrence_list(request: HttpRequest) -> HttpResponse:
    found = (
        Recurrence.objects.select_related("client", "category").defer("client__search").order_by("kind", "day", "id")
    )
    return render(request, "finance/recurrences.html", {"found": found, "currency": current.currency()})


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def recurrence_new(request: HttpRequest) -> HttpResponse:
    services.ensure_categories()
    today = current.today()
    form = RecurrenceForm(request.POST or None, initial={"kind": "payable", "starts_on": today, "day": 5})
    if request.method == "POST" and form.is_valid():
        made = form.attempt(services.create_recurrence, actor=actor_of(request), today=today, **form.given())
        if made is not None:
            toast(request, _("%(name)s comes back every month.") % {"name": made.description})
            return redirect("finance:recurrences")
    return _recurrence(request, form, 422 if request.method == "POST" else 200)


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def recurrence_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    kept = _found(Recurrence, pk)
    form = RecurrenceForm(request.POST or None, stored=kept)
    if request.method == "POST" and form.is_valid():
        named = {"actor": actor_of(request), "today": current.today(), "expected": [form.cleaned_data["version"] or 0]}
        try:
            saved = form.attempt(services.update_recurrence, kept, **named, **form.given())
        except Stale as error:
            form.add_error(None, error.detail)
            saved = None
        if saved is not None:
            toast(request, _("Saved."))
            return redirect("finance:recurrences")
    return _recurrence(request, form, 422 if request.method == "POST" else 200)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def recurrence_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    kept = _found(Recurrence, pk)
    services.remove_recurrence(kept, actor=actor_of(request))
    toast(request, _("%(name)s does not come back any more.") % {"name": kept.description})
    return redirect("finance:recurrences")


def _receiving(request: HttpRequest, form: ReceivingForm, category: CategoryForm, status: int) -> HttpResponse:
    services.ensure_categories()
    found = Category.objects.order_by("-kind", "name")
    values = {"form": form, "category_form": category, "categories": found}
    return render(request, "finance/receiving.html", values, status=status)


def _recurrence(request: HttpRequest, form: RecurrenceForm, status: int) -> HttpResponse:
    values = {"form": form, "recurrence": form.stored, "chosen": form.client_shown()}
    return render(request, "finance/recurrence.html", values, status=status)


def _found(model: type[M], pk: UUID) -> M:
    return finding.one(model._default_manager.all(), pk)
