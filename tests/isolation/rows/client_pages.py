"""The clients' pages: what their forms send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared_apps.accounts.models import User
from tenant_apps.clients.models import Client, SavedView
from tenant_apps.team.models import Member
from tests.isolation.rows.base import Row, archived, key_of, told_of
from tests.isolation.rows.clients import CLIENT, FIELD
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


def another(world: World) -> UUID:
    """The identifier of a second client, which `two_clients` makes."""
    return UUID(int=world["clients.Client"].pk.int ^ 1)


def two_clients(world: World) -> None:
    Client.objects.create(id=another(world), name="zq-second", name_key="zq second")


def seen_by_the_owner(world: World) -> None:
    """The planted view is the owner's; to anybody else it is not there."""
    owner = Member.objects.filter(is_active=True, role="owner").first()
    SavedView.objects.filter(pk=world["clients.SavedView"].pk).update(member=owner)


MERGE = {**CLIENT, "other": another}
A_FIELD: dict[str, Any] = {"label": "Depth", "type": "text", "choices": "", "position": 1}
ROWS: dict[str, Row] = {
    "GET /clients/cep/": Row(shows=False),
    "GET /clients/new/": Row(),
    "GET /clients/similar/": Row(shows=False),
    "POST /clients/new/": Row(body=lambda *_: {"kind": "person", "name": "New", **NO_PLACES}, answers=(302,)),
    "POST /clients/tags/": Row(body=chosen, answers=(302,)),
    "POST /clients/archival/": Row(body=chosen, answers=(302,)),
    "POST /clients/restoration/": Row(body=chosen, before=archived, answers=(302,)),
    "POST /clients/views/": Row(body=lambda *_: {"name": "Mine", "address": "tag=vip"}, answers=(302,)),
    "POST /clients/views/<uuid:pk>/removal/": Row(
        arguments={"pk": key_of("clients.SavedView")}, before=seen_by_the_owner, answers=(302, 404)
    ),
    "POST /clients/columns/": Row(body=lambda *_: {"column": ["city", "document"]}, answers=(302,)),
    "POST /clients/fields/": Row(body=lambda *_: A_FIELD, answers=(302,)),
    "GET /clients/fields/<uuid:pk>/": Row(arguments=FIELD),
    "POST /clients/fields/<uuid:pk>/": Row(arguments=FIELD, body=lambda *_: A_FIELD, answers=(302,)),
    "POST /clients/fields/<uuid:pk>/removal/": Row(arguments=FIELD, answers=(302,)),
    "GET /clients/duplicates/": Row(shows=False),
    "GET /clients/<uuid:pk>/merge/<uuid:other>/": Row(arguments=MERGE, before=two_clients),
    "POST /clients/<uuid:pk>/merge/<uuid:other>/": Row(arguments=MERGE, before=two_clients, answers=(302,)),
    "GET /clients/<uuid:pk>/": Row(arguments=CLIENT),
    "GET /clients/<uuid:pk>/edit/": Row(arguments=CLIENT),
    "POST /clients/<uuid:pk>/edit/": Row(arguments=CLIENT, body=the_client, answers=(302,)),
    "GET /clients/<uuid:pk>/timeline/": Row(arguments=CLIENT, before=told_of),
    "POST /clients/<uuid:pk>/archival/": Row(arguments=CLIENT, answers=(302,)),
    "POST /clients/<uuid:pk>/restoration/": Row(arguments=CLIENT, before=archived, answers=(302,)),
}
