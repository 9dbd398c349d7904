"""The clients' pages: what their forms send."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from tests.isolation.rows.base import Row, archived, told_of
from tests.isolation.rows.clients import CLIENT
from tests.isolation.world import World

# What a formset's management form says.
NO_PLACES = {"places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0}


def chosen(world: World, _user: User) -> dict[str, Any]:
    return {"ids": [world["clients.Client"].pk], "tag": "zq-new"}


def the_client(world: World, _user: User) -> dict[str, Any]:
    """The planted client, place and all, given another name and city."""
    client, place = world["clients.Client"], world["clients.Place"]
    return {
        "id": client.pk,
        "version": client.version,
        "kind": "person",
        "name": "New name",
        "phone": "",
        "document": "",
        "places-TOTAL_FORMS": 1,
        "places-INITIAL_FORMS": 1,
        "places-0-id": place.pk,
        "places-0-version": place.version,
        "places-0-city": "Santos",
        "places-0-assets-TOTAL_FORMS": 0,
        "places-0-assets-INITIAL_FORMS": 0,
    }


ROWS: dict[str, Row] = {
    "GET /clients/cep/": Row(shows=False),
    "GET /clients/new/": Row(),
    "GET /clients/similar/": Row(shows=False),
    "POST /clients/new/": Row(body=lambda *_: {"kind": "person", "name": "New", **NO_PLACES}, answers=(302,)),
    "POST /clients/tags/": Row(body=chosen, answers=(302,)),
    "POST /clients/archival/": Row(body=chosen, answers=(302,)),
    "POST /clients/restoration/": Row(body=chosen, before=archived, answers=(302,)),
    "GET /clients/<uuid:pk>/": Row(arguments=CLIENT),
    "GET /clients/<uuid:pk>/edit/": Row(arguments=CLIENT),
    "POST /clients/<uuid:pk>/edit/": Row(arguments=CLIENT, body=the_client, answers=(302,)),
    "GET /clients/<uuid:pk>/timeline/": Row(arguments=CLIENT, before=told_of),
    "POST /clients/<uuid:pk>/archival/": Row(arguments=CLIENT, answers=(302,)),
    "POST /clients/<uuid:pk>/restoration/": Row(arguments=CLIENT, before=archived, answers=(302,)),
}
