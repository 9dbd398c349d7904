"""The buttons of an appointment."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.scheduling import access, services
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.page_views.answers import appointment_found, back
from tenant_apps.team.actor import actor_of


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    appointment = services.cancel_appointment(appointment_found(pk), actor=actor_of(request), reason=reason)
    text = _("The visit to %(name)s is cancelled.") % {"name": appointment.client.name}
    toast(request, text, undo_url=reverse("scheduling:restore", args=[pk]))
    return _back(request, pk)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    appointment = services.restore_appointment(appointment_found(pk), actor=actor_of(request))
    toast(request, _("The visit to %(name)s stands again.") % {"name": appointment.client.name})
    return _back(request, pk)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.confirm_appointment(appointment_found(pk), actor=actor_of(request))
    toast(request, _("Confirmed."))
    return _back(request, pk)


@requires(Permission.SCHEDULE_MANAGE)
@methods("POST")
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.reopen_appointment(appointment_found(pk), actor=actor_of(request))
    toast(request, _("The visit is open again."))
    return _back(request, pk)


@requires(Permission.VISITS_REPORT)
@methods("POST")
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _report(request, pk, services.start_appointment, _("Under way."))


@requires(Permission.VISITS_REPORT)
@methods("POST")
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _report(request, pk, services.complete_appointment, _("Done."))


@requires(Permission.VISITS_REPORT)
@methods("POST")
def no_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _report(request, pk, services.mark_no_show, _("Noted: nobody was there."))


def _report(request: HttpRequest, pk: UUID, service: Callable[..., Appointment], text: str) -> HttpResponse:
    """One's own visit, unless one manages the calendar."""
    appointment, member = appointment_found(pk), actor_of(request)
    access.require_own(appointment, member)
    service(appointment, actor=member, at=timezone.now())
    toast(request, text)
    return _back(request, pk)


def _back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return back(request, reverse("scheduling:detail", args=[pk]))
