"""The calendar's page, what it draws, and what is dragged in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, allows, requires
from shared_apps.web.access import methods
from shared_apps.web.api import etags
from tenant_apps.scheduling.calendar import events as drawing
from tenant_apps.scheduling.calendar import moving
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.actor import actor_of
from tenant_apps.team.models import Member

# Each professional's colour, by their place in the list; told apart also by who sees little red or green.
COLOURS = ("#b45309", "#1d4ed8", "#166534", "#7c3aed", "#be185d", "#0e7490", "#57534e", "#a16207")
ANY = UUID(int=0)


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    members = Member.objects.filter(is_active=True).order_by("name", "email")
    values: dict[str, Any] = {
        "people": [{"member": member, "colour": COLOURS[place % len(COLOURS)]} for place, member in enumerate(members)],
        "zone": current.zone().key,
        "move_address": reverse("calendar:move", args=[ANY]) if _manages(request) else "",
        "detail_address": _address("scheduling:detail", ANY),
        "new_address": _address("scheduling:new") if _manages(request) else "",
        "statuses": Appointment.Status.choices,
    }
    return render(request, "scheduling/calendar/page.html", values)


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """What there is from `start` until `end`; with `cancelled=1` also what was called off."""
    start, end = drawing.asked(request.GET.get("start", ""), request.GET.get("end", ""))
    rows = drawing.between(start, end, with_cancelled=request.GET.get("cancelled") == "1")
    days = orjson.dumps(drawing.background(start, end))
    body = b'{"visits":[' + ",".join(rows).encode() + b'],"days":' + days + b"}"
    return HttpResponse(body, content_type="application/json")


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another time, as it was dragged. `If-Match` names the version that was dragged."""
    appointment = Appointment.objects.select_related("contract", "client").filter(pk=pk).first()
    if appointment is None:
        raise NotThere
    given = _body(request)
    scope = given.get("scope") or "this"
    if scope not in moving.SCOPES:
        raise FieldError("scope", _("One of: %(choices)s.") % {"choices": ", ".join(moving.SCOPES)}, "invalid_choice")
    moving.move(
        appointment,
        actor=actor_of(request),
        starts_at=drawing.typed(str(given.get("starts_at", "")), "starts_at"),
        ends_at=drawing.typed(str(given.get("ends_at", "")), "ends_at"),
        scope=scope,
        expected=etags.expected_versions(request),  # type: ignore[arg-type] # it reads headers only
        overrule=given.get("overrule") is True,
    )
    version = Appointment.objects.filter(pk=pk).values_list("version", flat=True).first()
    return JsonResponse({"version": version, "name": appointment.client.name})


def _manages(request: HttpRequest) -> bool:
    return allows(actor_of(request).role, Permission.SCHEDULE_MANAGE)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        read = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        read = None
    if not isinstance(read, dict):
        raise FieldError("body", _("This is not what the page sends."), "malformed")
    return read


def _address(name: str, *arguments: UUID) -> str:
    """Empty while nobody has that page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
