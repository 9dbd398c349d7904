"""Choosing the client for whom something is made: found as one types, like the list of clients."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shared_apps.core.finding import uuid_or_none
from tenant_apps.clients import queries
from tenant_apps.clients.models import Client
from tenant_apps.clients.queries import Wanted

SHOWN = 20


def chosen(request: HttpRequest) -> Client | None:
    """The client that the address names, if there is one."""
    pk = uuid_or_none(request.POST.get("client", "") or request.GET.get("client", ""))
    return Client.objects.defer("search").filter(pk=pk).first() if pk else None


def pick(request: HttpRequest, *, title: str, url_name: str) -> HttpResponse:
    """A page, or for htmx its list, of clients that lead on to the form."""
    search = request.GET.get("search", "")[:200].replace("\x00", "")
    rows = queries.clients(Wanted(search=search)).defer("search", "custom").order_by("name_key", "id")[:SHOWN]
    query = request.GET.copy()
    query.pop("search", None)
    query.pop("client", None)
    values = {
        "clients": list(rows),
        "search": search,
        "title": title,
        "here": reverse(url_name),
        "rest": query.urlencode(),
    }
    is_swap = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    return render(request, "scheduling/_clients.html" if is_swap else "scheduling/pick.html", values)
