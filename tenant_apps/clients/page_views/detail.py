"""One client: everything that is known, and what is done to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.activity.queries import activity_of
from tenant_apps.clients import columns, panels, services, timeline
from tenant_apps.clients.forms.rows import kind_label
from tenant_apps.clients.models import Client, CustomField, Place
from tenant_apps.clients.page_views.answers import back, found
from tenant_apps.team.actor import actor_of

ENTRIES = 20


@requires(Permission.CLIENTS_VIEW)
@methods("GET")
@never_cache
def client_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = found(pk)
    values = {
        "client": client,
        "work_places": [_place(place) for place in client.places.order_by("id").prefetch_related("assets")],
        "custom": _custom(client),
        "chat": client.phone.lstrip("+"),
        "panels": list(panels.addresses(client.pk, actor_of(request).role)),
    }
    return render(request, "clients/detail.html", values)


@requires(Permission.ACTIVITY_VIEW)
@methods("GET")
@never_cache
def client_timeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened, newest first; asked for by the page once it is there."""
    client = found(pk)
    before = request.GET.get("from", "")
    start = int(before) if before.isdecimal() and len(before) < 6 else 0
    entries = list(activity_of(client)[start : start + ENTRIES + 1])
    fields = {field.key: field for field in CustomField.objects.all()}
    values = {
        "client": client,
        "entries": timeline.entries(entries[:ENTRIES], fields),
        "more": start + ENTRIES if len(entries) > ENTRIES else None,
    }
    return render(request, "clients/_timeline.html", values)


@requires(Permission.CLIENTS_ARCHIVE)
@methods("POST")
def archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = found(pk)
    services.archive_client(client, actor=actor_of(request), reason=request.POST.get("reason", "")[:300])
    text = _("%(name)s is archived.") % {"name": client.name}
    toast(request, text, undo_url=reverse("clients:restore", args=[pk]))
    return back(request, reverse("clients:detail", args=[pk]))


@requires(Permission.CLIENTS_ARCHIVE)
@methods("POST")
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = found(pk)
    services.restore_client(client, actor=actor_of(request))
    text = _("%(name)s is back.") % {"name": client.name}
    toast(request, text, undo_url=reverse("clients:archive", args=[pk]))
    return back(request, reverse("clients:detail", args=[pk]))


def _place(place: Place) -> dict[str, Any]:
    line = ", ".join(filter(None, [place.street, place.number, place.complement]))
    where = ", ".join(filter(None, [line, place.district, place.city_and_state]))
    return {
        "place": place,
        "line": line,
        "map": f"https://www.google.com/maps/search/?api=1&query={quote_plus(where)}" if where else "",
        "assets": [{"asset": asset, "kind": kind_label(asset.kind)} for asset in place.assets.all()],
    }


def _custom(client: Client) -> list[tuple[str, str]]:
    """Labels and values, in the organization's order."""
    if not client.custom:
        return []
    fields = CustomField.objects.filter(key__in=client.custom)
    return [(field.label, columns.value_text(field, client.custom[field.key])) for field in fields]
