"""Where the link in a message leads a client: no account, no sign-in, one button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import NotThere
from shared_apps.web.access import methods, public
from tenant_apps.notifications import consents, services, successors

SOURCE = "link"


@public
@methods("GET", "POST")
@never_cache
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """Say no to a channel, or yes again. A GET changes nothing: mail scanners follow links."""
    meant = consents.read(token)
    if meant is None:
        raise NotThere
    client_id, channel = successors.current(meant[0]), meant[1]
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        services.set_consent(client_id, channel, wanted=wanted, by=None, source=SOURCE, now=timezone.now())
    standing = services.consent_of(client_id, channel)
    values = {"channel": channel, "stands": standing, "answered": request.method == "POST"}
    return render(request, "notifications/consent.html", values)
