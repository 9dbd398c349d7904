"""What a member is told: the bell on every page, its list, and all of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.organizations.permissions import SignedIn, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.notifications import queries, services
from tenant_apps.team.actor import actor_of

LATEST = 8
SIZE = 50


@methods("GET")
@requires(SignedIn)
@never_cache
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread; asked for by each page once it is there, so that no page waits for it."""
    count = queries.unread_count(actor_of(request), now=timezone.now())
    return render(request, "notifications/_bell.html", {"count": count, "most": queries.MOST})


@methods("GET")
@requires(SignedIn)
@never_cache
def latest(request: HttpRequest) -> HttpResponse:
    rows = queries.told(actor_of(request))[:LATEST]
    return render(request, "notifications/_latest.html", {"told": queries.in_words(rows, firm=firm_of(request))})


@methods("GET")
@requires(SignedIn)
@never_cache
def told_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("page", "")
    number = max(int(asked), 1) if asked.isdecimal() and asked.isascii() and len(asked) < 5 else 1
    start = (number - 1) * SIZE
    rows = list(queries.told(actor_of(request))[start : start + SIZE + 1])
    values = {
        "told": queries.in_words(rows[:SIZE], firm=firm_of(request)),
        "previous": f"?page={number - 1}" if number > 1 else "",
        "next": f"?page={number + 1}" if len(rows) > SIZE else "",
        "has_unread": any(row.read_at is None for row in rows[:SIZE]),
    }
    return render(request, "notifications/list.html", values)


@methods("POST")
@requires(SignedIn)
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark it read and go where it leads."""
    found = services.mark_read(pk, member=actor_of(request), now=timezone.now())
    return redirect(found.url if found.url.startswith("/") and not found.url.startswith("//") else "notifications:list")


@methods("POST")
@requires(SignedIn)
def read_all(request: HttpRequest) -> HttpResponse:
    if services.mark_all_read(member=actor_of(request), now=timezone.now()):
        toast(request, _("All of it is marked as read."))
    return redirect("notifications:list")


def firm_of(request: HttpRequest) -> str:
    return str(route_of(request).name)
