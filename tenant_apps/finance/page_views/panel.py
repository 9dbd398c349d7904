"""What a client owes, on the client's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache

from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from tenant_apps.clients.page_views.answers import found
from tenant_apps.finance import queries
from tenant_apps.finance.models import Entry
from tenant_apps.finance.page_views.lists import ICONS
from tenant_apps.finance.states import TONES, state_of

SHOWN = 5


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def client_panel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is open, soonest first; where nothing is, what was last."""
    client, today = found(pk), current.today()
    mine = Entry.objects.standing().filter(client=client)
    shown = list(mine.open().order_by("due_on", "id")[:SHOWN]) or list(mine.order_by("-due_on", "-id")[:SHOWN])
    rows = [
        {"entry": entry, "state": capfirst(str(state.label)), "tone": TONES[state], "icon": ICONS[state]}
        for entry in shown
        for state in [state_of(entry, today)]
    ]
    values = {
        "client": client,
        "rows": rows,
        "totals": queries.totals(mine.receivable()),
        "currency": current.currency(),
    }
    return render(request, "finance/_client_panel.html", values)
