"""Adding and changing a client with its places and what is looked after there, in one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.activity.queries import activity_of
from tenant_apps.clients import cep, documents, queries, services
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.forms.page import ClientPage
from tenant_apps.clients.models import CustomField
from tenant_apps.clients.page_views.answers import found
from tenant_apps.team.actor import actor_of


@requires(Permission.CLIENTS_MANAGE)
@methods("GET", "POST")
@never_cache
def client_new(request: HttpRequest) -> HttpResponse:
    page = ClientPage(None, list(CustomField.objects.all()), request.POST if request.method == "POST" else None)
    if request.method == "GET" or not page.is_valid():
        return _show(request, page, 200 if request.method == "GET" else 422)
    client = page.attempt(
        services.add_client_page,
        actor=actor_of(request),
        id=page.new_id,
        fields=page.client.values(),
        places=page.places_given(),
    )
    if client is None:
        return _show(request, page, 422)
    toast(request, _("%(name)s is in your book.") % {"name": client.name})
    return redirect("clients:detail", pk=client.pk)


@requires(Permission.CLIENTS_MANAGE)
@methods("GET", "POST")
@never_cache
def client_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    client, fields = found(pk), list(CustomField.objects.all())
    if client.is_archived and request.method == "GET":
        raise ClientArchived
    page = ClientPage(client, fields, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not page.is_valid():
        return _show(request, page, 200 if request.method == "GET" else 422)
    saved = page.attempt(
        services.save_client_page,
        client,
        actor=actor_of(request),
        expected=page.expected,
        fields=page.client.values(),
        places=page.places_given(),
    )
    if saved is not None:
        toast(request, _("Saved."))
        return redirect("clients:detail", pk=client.pk)
    if page.is_stale:
        page = ClientPage(found(pk), fields, request.POST)
        page.rebase(request.POST)
        page.is_stale = True
        return _show(request, page, 409)
    return _show(request, page, 422)


@requires(Permission.CLIENTS_MANAGE)
@methods("GET")
@never_cache
def similar(request: HttpRequest) -> HttpResponse:
    """Clients that may be the one being typed."""
    given = {name: request.GET.get(name, "")[:160].replace("\x00", "") for name in ("name", "document", "phone")}
    document, phone = documents.bare(given["document"]), documents.phone_or_none(given["phone"])
    besides = uuid_or_none(request.GET.get("id", ""))
    alike = queries.similar(name=given["name"], document=document, phone=phone, besides=besides)
    values = {"similar": alike, "merge_with": besides if "merge" in request.GET else None}
    return render(request, "clients/_similar.html", values)


@requires(Permission.CLIENTS_MANAGE)
@methods("GET")
def address_of_cep(request: HttpRequest) -> HttpResponse:
    """Street, district, city and state of a CEP; an empty object when they are not known."""
    digits = documents.postal_code_or_none(request.GET.get("cep", "")[:20])
    known = cep.address_of(digits) if digits else None
    if known is None:
        return JsonResponse({})
    names = ("street", "district", "city", "state")
    return JsonResponse({name: getattr(known, name) for name in names})


def _show(request: HttpRequest, page: ClientPage, status: int) -> HttpResponse:
    values: dict[str, object] = {"page": page, "client": page.stored, "form": page.client}
    if page.is_stale and page.stored is not None:
        last = activity_of(page.stored).exclude(actor=actor_of(request)).first()
        values["who"] = str(last.actor) if last and last.actor else _("Somebody")
    return render(request, "clients/edit.html", values, status=status)
