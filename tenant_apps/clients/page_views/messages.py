"""Whether a client may be written to, and what was sent: a panel of the client's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from tenant_apps.clients.page_views.answers import found
from tenant_apps.notifications import queries, services
from tenant_apps.notifications.events import CLIENT_CHANNELS, EVENTS
from tenant_apps.notifications.models import Channel
from tenant_apps.team.actor import actor_of

LATEST = 5


@requires(Permission.CLIENTS_MANAGE)
@methods("GET", "POST")
@never_cache
def client_messages(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked for by the page once it is there. A member enters what the client said, on the phone say."""
    client = found(pk)
    if request.method == "POST":
        channel = request.POST.get("channel", "")
        if channel not in CLIENT_CHANNELS:
            raise NotThere
        wanted = request.POST.get("wanted") == "yes"
        services.set_consent(
            client.pk, Channel(channel), wanted=wanted, by=actor_of(request), source="member", now=timezone.now()
        )
    values = {
        "client": client,
        "consents": services.consents_of(client.pk),
        "sent": [
            {"row": row, "label": EVENTS[row.event].label}
            for row in queries.sent_to_clients().filter(recipient_id=client.pk)[:LATEST]
        ],
    }
    return render(request, "clients/_messages.html", values)
