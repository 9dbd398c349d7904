"""iCal: a member's private feed, and one appointment as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.accounts.addresses import client_address, neighbourhood
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods, public
from shared_apps.web.counting import TooManyTries, count
from shared_apps.web.toasts import toast
from tenant_apps.scheduling import queries
from tenant_apps.scheduling.calendar import feeds, ical
from tenant_apps.scheduling.models import Appointment, CalendarFeed
from tenant_apps.team.actor import actor_of

MOST_A_MINUTE = 60  # of one address


@requires(Permission.SCHEDULE_VIEW)
@methods("GET", "POST")
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """One's own feed: whether there is one, and a new address, which is shown this once."""
    member, address = actor_of(request), ""
    if request.method == "POST":
        token = feeds.renew_feed(member)
        address = request.build_absolute_uri(reverse("calendar:feed_file", args=[token]))
    kept = CalendarFeed.objects.filter(member=member).first()
    return render(request, "scheduling/calendar/feed.html", {"feed": kept, "address": address})


@requires(Permission.SCHEDULE_VIEW)
@methods("POST")
def feed_removal(request: HttpRequest) -> HttpResponse:
    feeds.revoke_feed(actor_of(request))
    toast(request, _("The address does not work any more."))
    return redirect("calendar:feed")


@public
@methods("GET")
@never_cache
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """What other calendars read, by the token alone."""
    now = timezone.now()
    if count("calendar-feed", neighbourhood(client_address(request.META)), within=60) > MOST_A_MINUTE:
        raise TooManyTries
    member = feeds.owner_of(token, now=now)
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


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _firm(request: HttpRequest) -> str:
    return str(route_of(request).name)
