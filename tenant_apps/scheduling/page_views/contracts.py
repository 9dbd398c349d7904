"""Contracts: agreed, changed, paused, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import NotThere
from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.activity.queries import activity_of
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import history, local, occurrences, services, wording
from tenant_apps.scheduling.availability import names_of
from tenant_apps.scheduling.forms.contract import ContractForm, ResumeForm, VariationForm
from tenant_apps.scheduling.models import Appointment, Contract, ContractVariation
from tenant_apps.scheduling.page_views.answers import client_found, found
from tenant_apps.scheduling.page_views.picking import chosen, pick
from tenant_apps.scheduling.queries import with_everything
from tenant_apps.team.actor import actor_of

SIZE = 50
SHOWN_VISITS = 12


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def contract_list(request: HttpRequest) -> HttpResponse:
    today = local.day_of(timezone.now())
    runs, show = Q(ends_on=None) | Q(ends_on__gte=today), request.GET.get("show", "")
    rows = Contract.objects.select_related("client", "place").defer("client__search", "client__custom")
    rows = rows.exclude(runs) if show == "ended" else rows.filter(runs)
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 and int(number) else 1
    if pk := uuid_or_none(request.GET.get("client", "")):
        rows = rows.filter(client=pk)
    rows = rows.order_by("client__name_key", "pk").prefetch_related("variations")
    listed = list(rows[(page - 1) * SIZE : page * SIZE + 1])
    values = {
        "contracts": told(listed[:SIZE]),
        "show": "ended" if show == "ended" else "running",
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if len(listed) > SIZE else None,
        "client": client_found(pk) if pk else None,
    }
    return render(request, "scheduling/contracts.html", values)


def told(contracts: list[Contract]) -> list[dict[str, Any]]:
    """Each with its rule and its professionals in words, and whether it rests today."""
    today = local.day_of(timezone.now())
    names = names_of({member for contract in contracts for member in contract.member_ids})
    return [
        {
            "contract": contract,
            "sentence": wording.sentence(contract.rrule, contract.starts_on),
            "who": wording.listed([names[pk] for pk in contract.member_ids if pk in names]),
            "rests": any(not one.rrule and occurrences.covers(one, today) for one in contract.variations.all()),
            "has_ended": contract.ends_on is not None and contract.ends_on < today,
        }
        for contract in contracts
    ]


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def contract_new(request: HttpRequest) -> HttpResponse:
    client = chosen(request)
    if client is None:
        return pick(request, title=_("New contract"), url_name="scheduling:contract_new")
    if client.is_archived:
        raise ClientArchived
    today = local.day_of(timezone.now())
    initial = {"starts_on": today, "weekdays": [str(today.weekday())], "time": "09:00"}
    form = ContractForm(request.POST if request.method == "POST" else None, client=client, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            services.create_contract,
            actor=actor_of(request),
            client=client,
            overrule="overrule" in request.POST,
            **form.values(),
        )
        if made is not None:
            toast(
                request,
                _("The contract with %(name)s is made, and its visits are in the calendar.") % {"name": client.name},
            )
            return redirect("scheduling:contract", pk=made.pk)
    return _show_form(request, form, client)


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def contract_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = found(Contract, pk)
    client = client_found(contract.client_id)
    form = ContractForm(request.POST if request.method == "POST" else None, client=client, contract=contract)
    if request.method == "POST" and form.is_valid():
        values, version = form.values(), request.POST.get("version", "")
        expected = [int(version)] if version.isascii() and version.isdecimal() and len(version) < 9 else None
        service = services.split_contract if "from_day" in values else services.update_contract
        changed = form.attempt(
            service,
            contract,
            actor=actor_of(request),
            expected=expected,
            overrule="overrule" in request.POST,
            **values,
        )
        if changed is not None:
            toast(request, _("Saved. The visits to come follow."))
            return redirect("scheduling:contract", pk=changed.pk)
    return _show_form(request, form, client, contract)


def _show_form(
    request: HttpRequest, form: ContractForm, client: Client, contract: Contract | None = None
) -> HttpResponse:
    values = {"form": form, "client": client, "contract": contract}
    status = 200 if request.method == "GET" else 409 if form.refusal else 422
    return render(request, "scheduling/contract_form.html", values, status=status)


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def contract_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, found(Contract, pk), VariationForm(), ResumeForm())


def _show(
    request: HttpRequest, contract: Contract, varying: VariationForm, resuming: ResumeForm, status: int = 200
) -> HttpResponse:
    contract.client = client_found(contract.client_id)
    now = timezone.now()
    visits = with_everything(Appointment.objects.filter(contract=contract, ends_at__gt=now))
    variations = contract.variations.select_related("by").order_by("starts_on", "pk")
    values = {
        **told([contract])[0],
        "client": contract.client,
        "lines": contract.lines.select_related("offering", "asset"),
        "visits": visits.order_by("starts_at", "pk")[:SHOWN_VISITS],
        "variations": [
            {"it": one, "sentence": wording.sentence(one.rrule, contract.starts_on) if one.rrule else ""}
            for one in variations
        ],
        "varying": varying,
        "resuming": resuming,
        "today": local.day_of(now),
    }
    return render(request, "scheduling/contract.html", values, status=status)


@requires(Permission.ACTIVITY_VIEW)
@methods("GET")
@never_cache
def contract_history(request: HttpRequest, pk: UUID) -> HttpResponse:
    entries = history.entries(activity_of(found(Contract, pk))[:50])
    return render(request, "web/components/timeline.html", {"entries": entries})


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def contract_vary(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract, form = found(Contract, pk), VariationForm(request.POST)
    if form.is_valid():
        made = form.attempt(services.vary_contract, contract, actor=actor_of(request), **form.values())
        if made is not None:
            toast(request, _("Noted. The visits to come follow."))
            return redirect("scheduling:contract", pk=pk)
    return _show(request, contract, form, ResumeForm(), status=422)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def contract_unvary(request: HttpRequest, pk: UUID, variation: UUID) -> HttpResponse:
    one = ContractVariation.objects.filter(pk=variation, contract=pk).first()
    if one is None:
        raise NotThere
    services.remove_variation(one, actor=actor_of(request))
    toast(request, _("Taken away. The visits to come follow."))
    return redirect("scheduling:contract", pk=pk)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def contract_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract, form = found(Contract, pk), ResumeForm(request.POST)
    if form.is_valid():
        done = form.attempt(services.resume_contract, contract, actor=actor_of(request), on=form.cleaned_data["on"])
        if done is not None:
            toast(request, _("Visits are in the calendar again."))
            return redirect("scheduling:contract", pk=pk)
    return _show(request, contract, VariationForm(), form, status=422)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def contract_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = found(Contract, pk)
    services.remove_contract(contract, actor=actor_of(request))
    toast(request, _("The contract is gone, and its visits."))
    return redirect("scheduling:contracts")


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def client_contracts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On a client's page."""
    client = client_found(pk)
    rows = Contract.objects.filter(client=client).prefetch_related("variations").order_by("-starts_on", "pk")[:10]
    return render(request, "scheduling/_client_contracts.html", {"client": client, "contracts": told(list(rows))})
