"""Booking, looking at and changing appointments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.activity.queries import activity_of
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client
from tenant_apps.scheduling import access, history, local, services
from tenant_apps.scheduling.forms.appointment import AppointmentForm
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.page_views.answers import appointment_found, client_found
from tenant_apps.scheduling.page_views.picking import chosen, pick
from tenant_apps.scheduling.queries import with_everything
from tenant_apps.team.actor import actor_of

SIZE = 50
SHOWS = ("coming", "unassigned", "past", "cancelled")
ON_CLIENT = 5


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def appointment_list(request: HttpRequest) -> HttpResponse:
    """Appointments to come, those without a professional, those of the past, those that were cancelled."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "coming"
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 and int(number) else 1
    rows = _shown(show, timezone.now())
    if pk := uuid_or_none(request.GET.get("client", "")):
        rows = rows.filter(client=pk)
    found = list(rows[(page - 1) * SIZE : page * SIZE + 1])
    values = {
        "appointments": found[:SIZE],
        "show": show,
        "shows": _tabs(),
        "page": page,
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if len(found) > SIZE else None,
        "client": client_found(pk) if pk else None,
    }
    return render(request, "scheduling/appointments.html", values)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("coming", _("To come")),
        ("unassigned", _("Without a professional")),
        ("past", _("Past")),
        ("cancelled", _("Called off")),
    ]


def _shown(show: str, now: datetime) -> QuerySet[Appointment]:
    rows = with_everything(Appointment.objects.all())
    match show:
        case "unassigned":
            rows = rows.standing().filter(bookings=None, ends_at__gt=now)
        case "past":
            return rows.standing().filter(ends_at__lte=now).order_by("-starts_at", "-pk")
        case "cancelled":
            return rows.exclude(cancellation=None).order_by("-starts_at", "-pk")
        case _:
            rows = rows.standing().filter(ends_at__gt=now)
    return rows.order_by("starts_at", "pk")


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def appointment_new(request: HttpRequest) -> HttpResponse:
    """Without a client in its address it asks for one first; `starts_at`, `ends_at`, `day`, `time`, `member` fill."""
    client = chosen(request)
    if client is None:
        return pick(request, title=_("Book a visit"), url_name="scheduling:new")
    if client.is_archived:
        raise ClientArchived
    form = AppointmentForm(_data(request), client=client, initial=_wished(request.GET))
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            services.book_appointment,
            actor=actor_of(request),
            client=client,
            overrule="overrule" in request.POST,
            **form.values(),
        )
        if made is not None:
            toast(request, _("The visit to %(name)s is booked.") % {"name": client.name})
            return redirect("scheduling:detail", pk=made.pk)
    return _show_form(request, form, client)


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def appointment_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    appointment = appointment_found(pk)
    form = AppointmentForm(_data(request), client=appointment.client, appointment=appointment)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        changed = form.attempt(
            services.change_visit,
            appointment,
            actor=actor_of(request),
            expected=[int(version)] if version.isascii() and version.isdecimal() and len(version) < 9 else None,
            overrule="overrule" in request.POST,
            **form.values(),
        )
        if changed is not None:
            toast(request, _("Saved."))
            return redirect("scheduling:detail", pk=changed.pk)
    return _show_form(request, form, appointment.client, appointment)


def _show_form(
    request: HttpRequest, form: AppointmentForm, client: Client, appointment: Appointment | None = None
) -> HttpResponse:
    values = {"form": form, "client": client, "appointment": appointment}
    status = 200 if request.method == "GET" else 409 if form.refusal else 422
    return render(request, "scheduling/appointment_form.html", values, status=status)


def _data(request: HttpRequest) -> QueryDict | None:
    """What was sent; a free time that was offered and chosen stands for the day and time that were typed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    try:
        taken = parse_datetime(data.get("alternative", "")[:40])
    except ValueError:
        taken = None
    if taken is not None and taken.tzinfo is not None:
        where = taken.astimezone(current.zone())
        data["day"], data["starts_at"] = where.date().isoformat(), where.strftime("%H:%M")
    return data


def _wished(query: QueryDict) -> dict[str, Any]:
    """What an address fills the form with; what makes no sense is left out."""
    wished: dict[str, Any] = {}
    try:
        start, end = (parse_datetime(query.get(name, "").replace(" ", "+")[:40]) for name in ("starts_at", "ends_at"))
        if start is not None:
            where = start.astimezone(current.zone()) if start.tzinfo else start
            wished = {"day": where.date(), "starts_at": where.time()}
            if end is not None and (end.tzinfo is None) == (start.tzinfo is None) and end > start:
                wished["minutes"] = int((end - start).total_seconds() // 60)
        if (day := parse_date(query.get("day", "")[:20])) is not None:
            wished["day"] = day
        if (at := parse_time(query.get("time", "")[:20])) is not None:
            wished["starts_at"] = at.replace(tzinfo=None)
    except (ValueError, OverflowError):
        pass
    wished["member_ids"] = [str(pk) for one in query.getlist("member")[:20] if (pk := uuid_or_none(one))]
    wished.setdefault("day", local.day_of(timezone.now() + timedelta(hours=1)))
    return wished


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def appointment_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    appointment = appointment_found(pk)
    until, status = appointment.arrival_until, appointment.status
    before, finished = status in {"pending", "confirmed"}, status in {"done", "no_show"}
    values = {
        "appointment": appointment,
        "lines": appointment.lines.all(),
        "window": until,
        "stands": appointment.cancellation_id is None,
        "is_before": before,
        "is_finished": finished,
        "has_come": appointment.starts_at <= timezone.now(),
        "may_report": access.may_report(appointment, actor_of(request)),
        "tone": history.TONES.get(status, "neutral"),
        "ics": _ics(pk),
    }
    return render(request, "scheduling/appointment.html", values)


def _ics(pk: UUID) -> str:
    """Where the client's calendar file is; empty where there is none."""
    try:
        return reverse("calendar:appointment_file", args=[pk])
    except NoReverseMatch:
        return ""


@requires(Permission.ACTIVITY_VIEW)
@methods("GET")
@never_cache
def appointment_history(request: HttpRequest, pk: UUID) -> HttpResponse:
    entries = history.entries(activity_of(appointment_found(pk))[:50])
    return render(request, "web/components/timeline.html", {"entries": entries})


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def client_visits(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On a client's page: the next visits and the last ones."""
    client, now = client_found(pk), timezone.now()
    own = with_everything(Appointment.objects.standing().filter(client=client))
    values = {
        "client": client,
        "coming": list(own.filter(ends_at__gt=now).order_by("starts_at", "pk")[:ON_CLIENT]),
        "past": list(own.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:ON_CLIENT]),
    }
    return render(request, "scheduling/_client_visits.html", values)
