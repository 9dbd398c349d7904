"""The owner decides who of the platform's staff may look, and sees what they looked at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.organizations import current, support
from shared_apps.organizations.models import SupportGrant, SupportView
from shared_apps.organizations.permissions import Permission, person_of, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast

MANAGE = Permission.ORGANIZATION_MANAGE
SHOWN = 20  # requests
VIEWS = 200


@methods("GET")
@requires(MANAGE)
def support_access(request: HttpRequest) -> HttpResponse:
    now, organization = timezone.now(), current.row()
    rows = [_shown(one, now) for one in support.of(organization.pk)[:SHOWN]]
    views = SupportView.objects.filter(grant__organization=organization).select_related("grant")
    values = {
        "open": [row for row in rows if row["state"] == "open"],
        "standing": [row for row in rows if row["state"] == "standing"],
        "past": [row for row in rows if row["state"] not in {"open", "standing"}],
        "views": views[:VIEWS],
        "allows_emergencies": organization.support_emergencies,
    }
    return render(request, "organizations/settings/support.html", values)


@methods("POST")
@requires(MANAGE)
def support_grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    support.grant(_found(request, pk), actor=person_of(request))
    toast(request, _("Support may look until the time is over. You can end it at any moment."))
    return redirect("settings:support")


@methods("POST")
@requires(MANAGE)
def support_refusal(request: HttpRequest, pk: UUID) -> HttpResponse:
    support.refuse(_found(request, pk), actor=person_of(request))
    toast(request, _("Refused. Nobody looks."))
    return redirect("settings:support")


@methods("POST")
@requires(MANAGE)
def support_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    support.end(_found(request, pk), actor=person_of(request))
    toast(request, _("Support is out."))
    return redirect("settings:support")


@methods("POST")
@requires(MANAGE)
def support_emergencies(request: HttpRequest) -> HttpResponse:
    allowed = request.POST.get("allowed") == "on"
    support.allow_emergencies(current.row(), allowed=allowed)
    toast(request, _("Support may look at once in an emergency.") if allowed else _("Support always asks first."))
    return redirect("settings:support")


def _found(request: HttpRequest, pk: UUID) -> SupportGrant:
    return support.find(route_of(request).organization_id, pk)


def _shown(one: SupportGrant, now: Any) -> dict[str, Any]:
    return {"grant": one, "state": support.state_of(one, now)}
