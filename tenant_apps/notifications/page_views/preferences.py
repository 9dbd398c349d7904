"""What a member wants to be told, and how."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.organizations.permissions import SignedIn, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.notifications import services
from tenant_apps.notifications.events import EVENTS, MEMBER_CHANNELS
from tenant_apps.team.actor import actor_of


@methods("GET", "POST")
@requires(SignedIn)
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    member = actor_of(request)
    if request.method == "POST":
        ticked = set(request.POST.getlist("wanted")[:200])
        answers = {(key, channel): f"{key} {channel}" in ticked for key, channel in services.wanted_by(member)}
        services.set_preferences(member, answers)
        toast(request, _("Saved."))
        return redirect("notifications:preferences")
    wanted = services.wanted_by(member)
    rows = [
        {
            "label": event.label,
            "answers": [
                {"value": f"{event.key} {channel}", "label": channel.label, "wanted": wanted[event.key, channel]}
                for channel in MEMBER_CHANNELS
            ],
        }
        for event in EVENTS.values()
        if event.members
    ]
    values = {"rows": rows, "channels": [channel.label for channel in MEMBER_CHANNELS]}
    return render(request, "notifications/preferences.html", values)
