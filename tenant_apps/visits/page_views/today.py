"""A professional's day on a phone: the route, and what is done at each stop.

The page holds every form of the day, so that it works where there is no signal. Its script keeps what was entered and
sends it to `report` and `photo`, which take everything once however often it comes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from rest_framework.exceptions import ValidationError

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, allows, requires
from shared_apps.web.access import methods, public
from shared_apps.web.api.problems import problem_of
from shared_apps.web.toasts import toast
from shared_apps.web.uploads import uploaded
from tenant_apps.scheduling import access
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.history import TONES
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.actor import actor_of
from tenant_apps.team.models import Member
from tenant_apps.visits import cards, kinds, queries, services
from tenant_apps.visits.models import PHOTOS
from tenant_apps.visits.page_views.answers import day_or_none
from tenant_apps.visits.serializers import GivenSerializer, given_of
from tenant_apps.visits.services.photos import Moment

WORKER = Path(__file__).resolve().parents[1] / "worker.js"


@requires(Permission.VISITS_REPORT)
@methods("GET")
@never_cache
def day(request: HttpRequest) -> HttpResponse:
    whose, shown = asked(request)
    today = timezone.localdate()
    me = actor_of(request)
    manages = allows(me.role, Permission.SCHEDULE_MANAGE)
    visits = queries.day_of(whose, shown)
    reports = queries.reports_of(visits)
    photos = queries.photos_of_all(report.pk for report in reports.values())
    made = cards.cards(visits, reports, whose=whose.pk, photos=photos)
    values: dict[str, Any] = {
        "cards": made,
        "whose": whose,
        "is_mine": whose.pk == me.pk,
        "day": shown,
        "is_today": shown == today,
        "zone": current.zone().key,
        "done": sum(1 for card in made if not card.is_open),
        "previous": address(shown - timedelta(days=1), whose, me, today),
        "next": address(shown + timedelta(days=1), whose, me, today),
        "now_address": address(today, whose, me, today),
        "query": address(shown, whose, me, today).partition("?")[2],
        "members": Member.objects.filter(is_active=True).order_by("name", "email") if manages else [],
        "units": kinds.UNITS.items(),
        "moments": [("before", _("Before")), ("after", _("After"))],
    }
    return render(request, "visits/today.html", values)


@public
@methods("GET")
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps today's page for where there is no signal. It holds nothing of anybody."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@requires(Permission.VISITS_REPORT)
@methods("POST")
def order(request: HttpRequest) -> HttpResponse:
    """One stop earlier or later."""
    whose, shown = asked(request)
    appointment = _found(uuid_or_none(request.POST.get("visit", "")))
    access.require_own(appointment, actor_of(request))
    services.move_in_route(appointment, member=whose, day=shown, up="up" in request.POST)
    return _back(request, whose, shown, appointment)


@requires(Permission.VISITS_REPORT)
@methods("POST")
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All of a report as JSON; the answer says what became of the visit."""
    appointment = _found(pk)
    serializer = GivenSerializer(data=_body(request))
    if not serializer.is_valid():
        return cast(HttpResponse, problem_of(ValidationError(serializer.errors), instance=request.path))
    values = serializer.validated_data
    saved = services.save_report(
        appointment,
        actor=actor_of(request),
        sent_key=values.get("sent_key"),
        given=given_of(values),
        now=timezone.now(),
    )
    appointment.refresh_from_db(fields=["status"])
    told = {
        "report": str(saved.pk),
        "version": saved.version,
        "status": appointment.status,
        "status_label": capfirst(str(appointment.get_status_display())),
        "tone": TONES.get(appointment.status, "neutral"),
        "signed": bool(saved.signature),
    }
    return JsonResponse(told)


@requires(Permission.VISITS_REPORT)
@methods("POST")
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One photo, before or after, under a key of the phone's."""
    appointment = _found(pk)
    moment, key = request.POST.get("moment", ""), uuid_or_none(request.POST.get("key", ""))
    if moment not in PHOTOS:
        raise FieldError("moment", _("Before or after?"), "invalid_choice")
    if key is None:
        raise FieldError("key", _("This is not an identifier."), "invalid")
    kept = services.add_photo(
        appointment,
        moment=cast(Moment, moment),
        upload=uploaded(request)[0],
        sent_key=key,
        actor=actor_of(request),
    )
    shown = {name: reverse(f"files:{name}", args=[kept.pk]) for name in ("thumbnail", "download")}
    return JsonResponse({"photo": str(kept.pk), **shown}, status=201)


@requires(Permission.VISITS_REPORT)
@methods("POST")
def no_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody was there; with `undo`, it is open again."""
    whose, shown = asked(request)
    appointment, actor = _found(pk), actor_of(request)
    access.require_own(appointment, actor)
    if "undo" in request.POST:
        scheduling.reopen_appointment(appointment, actor=actor)
        toast(request, _("The visit is open again."))
    else:
        scheduling.mark_no_show(appointment, actor=actor, at=timezone.now())
        undo = reverse("today:no_show", args=[pk])
        toast(request, _("%(name)s was not there.") % {"name": appointment.client.name}, undo_url=undo)
    return _back(request, whose, shown, appointment)


def asked(request: HttpRequest) -> tuple[Member, date]:
    """Whose day, and which. Only who manages the calendar sees another's."""
    me = actor_of(request)
    shown = day_or_none(request.GET.get("day", "")) or timezone.localdate()
    wanted = uuid_or_none(request.GET.get("member", ""))
    if wanted is None or wanted == me.pk or not allows(me.role, Permission.SCHEDULE_MANAGE):
        return me, shown
    return Member.objects.filter(pk=wanted, is_active=True).first() or me, shown


def address(shown: date, whose: Member, me: Member, today: date) -> str:
    """The shortest one: one's own day today has no query, and only that page is kept on the phone."""
    query: dict[str, str] = {}
    if shown != today:
        query["day"] = shown.isoformat()
    if whose.pk != me.pk:
        query["member"] = str(whose.pk)
    return reverse("today:day") + (f"?{urlencode(query)}" if query else "")


def _back(request: HttpRequest, whose: Member, shown: date, appointment: Appointment) -> HttpResponse:
    here = address(shown, whose, actor_of(request), timezone.localdate())
    return redirect(f"{here}#visit-{appointment.pk}")


def _found(pk: UUID | None) -> Appointment:
    """Raises NotThere."""
    found = Appointment.objects.select_related("client").filter(pk=pk).first() if pk else None
    if found is None:
        raise NotThere
    return found


def _body(request: HttpRequest) -> Any:
    try:
        read = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise FieldError("body", _("This is not what the page sends."), "malformed") from None
    return read
