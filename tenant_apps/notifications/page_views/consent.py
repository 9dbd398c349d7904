"""Where the link in a message leads a client: no account, no sign-in, one button."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shared_apps.core.errors import NotThere
from shared_apps.web.access import methods, public
from tenant_apps.notifications import consents, services, successors
from tenant_apps.notifications.models import Channel

SOURCE = "link"


@public
@methods("GET", "POST")
@never_cache
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """Say no to a channel, or yes again. A GET changes nothing: mail scanners follow links."""
    client_id, channel = _meant(token)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        services.set_consent(client_id, channel, wanted=wanted, by=None, source=SOURCE, now=timezone.now())
    standing = services.consent_of(client_id, channel)
    values = {"channel": channel, "stands": standing, "answered": request.method == "POST"}
    return render(request, "notifications/consent.html", values)


@csrf_exempt
@public
@methods("GET", "POST")
@never_cache
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """A mail program's button: its POST says no, without cookies, a form or a page between (RFC 8058).

    The token alone lets it in, so there is nothing that another site could abuse. Who opens it is asked first.
    """
    client_id, channel = _meant(token)
    if request.method != "POST":
        return redirect("notifications:consent", token=token)
    services.set_consent(client_id, channel, wanted=False, by=None, source=SOURCE, now=timezone.now())
    return HttpResponse(status=204)


def _meant(token: str) -> tuple[UUID, Channel]:
    """Whom a link means by now, and of which channel. Raises NotThere."""
    meant = consents.read(token)
    if meant is None:
        raise NotThere
    return successors.current(meant[0]), meant[1]
