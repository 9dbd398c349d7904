"""Offerings, and who works when."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.core.finding import uuid_or_none
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.forms.others import DayOffForm, HoursForm, OfferingForm, PolicyForm
from tenant_apps.scheduling.models import DayOff, Offering, WorkingHours
from tenant_apps.scheduling.page_views.answers import found
from tenant_apps.team.actor import actor_of
from tenant_apps.team.models import Member


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def offering_list(request: HttpRequest) -> HttpResponse:
    return render(request, "scheduling/offerings.html", {"offerings": Offering.objects.order_by("-is_active", "name")})


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def offering_new(request: HttpRequest) -> HttpResponse:
    form = OfferingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(services.create_offering, actor=actor_of(request), **form.values())
        if made is not None:
            toast(request, _("%(name)s is in your list.") % {"name": made.name})
            return redirect("scheduling:offerings")
    status = 422 if request.method == "POST" else 200
    return render(request, "scheduling/offering.html", {"form": form}, status=status)


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def offering_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    offering = found(Offering, pk)
    form = OfferingForm(request.POST if request.method == "POST" else None, offering=offering)
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(services.update_offering, offering, actor=actor_of(request), **form.values())
        if changed is not None:
            toast(request, _("Saved."))
            return redirect("scheduling:offerings")
    status = 422 if request.method == "POST" else 200
    return render(request, "scheduling/offering.html", {"form": form, "offering": offering}, status=status)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def offering_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    offering = found(Offering, pk)
    services.remove_offering(offering, actor=actor_of(request))
    toast(request, _("The service %(name)s is gone.") % {"name": offering.name})
    return redirect("scheduling:offerings")


@requires(Permission.SCHEDULE_VIEW)
@methods("GET")
@never_cache
def availability(request: HttpRequest) -> HttpResponse:
    return _show(request, DayOffForm(), PolicyForm(policy=services.policy()))


def _show(request: HttpRequest, off: DayOffForm, policy: PolicyForm, status: int = 200) -> HttpResponse:
    members = list(Member.objects.filter(is_active=True).order_by("name", "email", "pk"))
    hours = list(WorkingHours.objects.filter(member__in=members))
    today = local.day_of(timezone.now())
    values = {
        "team": [{"member": one, "days": _days([row for row in hours if row.member_id == one.pk])} for one in members],
        "days_off": DayOff.objects.select_related("member").filter(ends_on__gte=today).order_by("starts_on", "pk"),
        "off": off,
        "policy": policy,
        "kept": services.policy(),
    }
    return render(request, "scheduling/availability.html", values, status=status)


def _days(rows: list[WorkingHours]) -> list[str]:
    """ "Monday: 8:00 – 12:00, 13:00 – 17:00"."""
    days = dict.fromkeys(row.weekday for row in rows)
    return [
        f"{WEEKDAYS[day]}: "
        + ", ".join(f"{formats.time(row.starts)} – {formats.time(row.ends)}" for row in rows if row.weekday == day)
        for day in days
    ]


@requires(Permission.SCHEDULE_MANAGE)
@methods("GET", "POST")
@never_cache
def hours_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    member = found(Member, pk)
    rows = list(WorkingHours.objects.filter(member=member))
    form = HoursForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and form.is_valid():
        kept = form.attempt(services.set_working_hours, member, form.values(), actor=actor_of(request))
        if kept is not None:
            toast(request, _("The hours of %(name)s are kept.") % {"name": member})
            return redirect("scheduling:availability")
    status = 422 if request.method == "POST" else 200
    return render(request, "scheduling/hours.html", {"form": form, "person": member}, status=status)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def day_off_add(request: HttpRequest) -> HttpResponse:
    form = DayOffForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        member = found(Member, uuid_or_none(given["member"])) if given["member"] else None
        made = form.attempt(
            services.add_day_off,
            actor=actor_of(request),
            member=member,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"] or given["starts_on"],
            reason=given["reason"],
        )
        if made is not None:
            toast(request, _("Noted. What is booked on these days stays: move it if need be."))
            return redirect("scheduling:availability")
    return _show(request, form, PolicyForm(policy=services.policy()), status=422)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def day_off_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.remove_day_off(found(DayOff, pk), actor=actor_of(request))
    toast(request, _("The day off is taken away."))
    return redirect("scheduling:availability")


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def policy_edit(request: HttpRequest) -> HttpResponse:
    form = PolicyForm(request.POST, policy=services.policy())
    kept = (
        form.attempt(services.change_policy, actor=actor_of(request), **form.cleaned_data) if form.is_valid() else None
    )
    if kept is not None:
        toast(request, _("Saved."))
        return redirect("scheduling:availability")
    return _show(request, DayOffForm(), form, status=422)
