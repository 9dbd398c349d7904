"""iCal: a member's private feed, and one appointment as a file."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shared_apps.accounts.addresses import client_address
from shared_apps.core.errors import DomainError, NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods, public
from shared_apps.web.toasts import toast
from tenant_apps.scheduling import queries
from tenant_apps.scheduling.calendar import feeds, ical
from tenant_apps.scheduling.models import Appointment, CalendarFeed
from tenant_apps.team.models import Member

MOST_A_MINUTE = 60  # of one address


class TooOften(DomainError):
    code = "throttled"
    status = 429
    message = gettext_lazy("Too many tries in a short time. Wait a little and try again.")


@requires(Permission.SCHEDULE_VIEW)
@methods("GET", "POST")
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """One's own feed: whether there is one, and a new address, which is shown this once."""
    member, address = _member(request), ""
    if request.method == "POST":
        token = feeds.renew_feed(member)
        address = request.build_absolute_uri(reverse("calendar:feed_file", args=[token]))
    kept = CalendarFeed.objects.filter(member=member).first()
    return render(request, "scheduling/calendar/feed.html", {"feed": kept, "address": address})


@requires(Permission.SCHEDULE_VIEW)
@methods("POST")
def feed_removal(request: HttpRequest) -> HttpResponse:
    feeds.revoke_feed(_member(request))
    toast(request, _("The address does not work any more."))
    return redirect("calendar:feed")


@public
@methods("GET")
@never_cache
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """What other calendars read, by the token alone."""
    now = timezone.now()
    _refuse_too_often(client_address(request.META), minute=int(now.timestamp() // 60))
    member = feeds.owner_of(token)
    if member is None:
        raise NotThere
    name = f"{_firm(request)} · {member}"
    content = ical.feed(feeds.visits_of(member, now=now), name=name, host=request.get_host().split(":")[0], now=now)
    return _file(content, "calendar")


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def appointment_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One appointment as its client gets it."""
    found = queries.with_everything(Appointment.objects.filter(pk=pk)).first()
    if found is None:
        raise NotThere
    host = request.get_host().split(":")[0]
    return _file(ical.single(found, firm=_firm(request), host=host, now=timezone.now()), "appointment")


def _refuse_too_often(address: str, *, minute: int) -> None:
    key = f"calendar-feed:{address}:{minute}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > MOST_A_MINUTE:
        raise TooOften


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _member(request: HttpRequest) -> Member:
    return cast(Member, request.member)  # type: ignore[attr-defined] # set by requires()


def _firm(request: HttpRequest) -> str:
    return str(request.route.name)  # type: ignore[attr-defined] # set by SchemaMiddleware
