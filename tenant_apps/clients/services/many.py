"""Adding many clients at once, as an import does: what `create_client` and `add_place` do, in few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core import bulk
from tenant_apps.activity import services as activity
from tenant_apps.clients import words
from tenant_apps.clients.models import Client, Place
from tenant_apps.clients.services.clients import _derive, snapshot
from tenant_apps.team.models import Member

New = tuple[dict[str, Any], dict[str, str]]  # a client's fields and those of its place (empty: none)


@transaction.atomic
def create_clients(new: Sequence[New], *, actor: Member | None) -> list[Client]:
    """Add clients whose fields were checked and tidied before, each with its place, if any.

    Raises IntegrityError when another standing client has one of the documents.
    """
    clients, places = [], []
    for fields, place in new:
        client = Client(**fields)
        _derive(client, places=[(place.get("city", ""), place.get("state", ""))] if place else [], vector=words.literal)
        clients.append(client)
        if place:
            places.append(Place(client=client, **place))
    entitlements.require_room(entitlements.here(), Feature.CLIENTS, len(clients))
    bulk.insert(clients)
    bulk.insert(places)
    activity.record_all(activity.noted(actor, "client.created", client, after=snapshot(client)) for client in clients)
    return clients
