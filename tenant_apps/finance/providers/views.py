"""Connecting the account, a charge's panel on the entry's page, and the address that the provider calls."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods, public
from shared_apps.web.errors import is_htmx
from shared_apps.web.toasts import toast
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import accounts, charges, events
from tenant_apps.finance.providers.forms import KeyForm
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tenant_apps.finance.providers.queries import latest
from tenant_apps.team.actor import actor_of

HEADER = "asaas-access-token"


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def account_page(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(accounts.connect, actor=actor_of(request), key=form.cleaned_data["key"])
        if made is not None:
            return redirect("providers:account")
    values = {"form": form, "account": accounts.account()}
    return render(request, "finance/providers/account.html", values, status=422 if request.method == "POST" else 200)


@requires(Permission.FINANCE_MANAGE)
@methods("GET")
@never_cache
def account_state(request: HttpRequest) -> HttpResponse:
    """What the page asks for while the key is tried; then the page is loaded anew."""
    found = accounts.account()
    answer = render(request, "finance/providers/_account.html", {"account": found})
    if found is None or found.state != ProviderAccount.State.CONNECTING:
        answer["HX-Refresh"] = "true"
    return answer


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def account_remove(request: HttpRequest) -> HttpResponse:
    found = accounts.account()
    if found is None:
        raise NotThere
    accounts.disconnect(found, actor=actor_of(request))
    toast(request, _("Asaas is disconnected. Its key is forgotten."))
    return redirect("providers:account")


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def charge_panel(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _panel(request, _entry(pk))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def charge_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = _entry(pk)
    charges.ask_for_charge(entry, actor=actor_of(request), now=timezone.now())
    return _done(request, entry)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def charge_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = _entry(pk)
    charges.withdraw(_latest(entry), actor=actor_of(request), now=timezone.now())
    return _done(request, entry)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def charge_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = _entry(pk)
    charges.settle(_latest(entry), actor=actor_of(request))
    return _done(request, entry)


@csrf_exempt
@public
@methods("POST")
def hook(request: HttpRequest, path: str) -> HttpResponse:
    """Only 200 counts as heard; a token that is not ours gets nothing. What the event says is not believed."""
    found = ProviderAccount.objects.filter(path=path).first()
    if found is None:
        return HttpResponse(status=404)  # no page that would repeat the address
    if not accounts.is_from(found, request.headers.get(HEADER, "")):
        return HttpResponse(status=401)
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return HttpResponse(status=400)
    if isinstance(body, dict):
        events.note_event(body)
    return HttpResponse(status=200)


def _latest(entry: Entry) -> ProviderCharge:
    """Raises NotThere."""
    charge = latest(entry)
    if charge is None:
        raise NotThere
    return charge


def _done(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _panel(request, entry) if is_htmx(request) else redirect("finance:detail", entry.pk)


def _panel(request: HttpRequest, entry: Entry) -> HttpResponse:
    values = {"entry": entry, "charge": latest(entry), "account": accounts.account(), "is_part": is_htmx(request)}
    template = "finance/providers/_charge.html" if is_htmx(request) else "finance/providers/charge.html"
    return render(request, template, values)


def _entry(pk: UUID) -> Entry:
    return finding.one(Entry.objects.select_related("client").defer("client__search"), pk)
