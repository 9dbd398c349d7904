"""Clients, their places, assets and custom fields."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from tenant_apps.visits.models import LogRow
from tests.isolation.rows.base import Row, archived, key_of, told_of
from tests.isolation.world import World

CLIENT = {"pk": key_of("clients.Client")}
PLACE = {"pk": key_of("clients.Place")}
ASSET = {"pk": key_of("clients.Asset")}
FIELD = {"pk": key_of("clients.CustomField")}
ANY_VERSION = {"if-match": "*"}


def without_log_book(_world: World) -> None:
    """What a log book tells of stays."""
    LogRow.objects.all().delete()


def client_body(world: World, _user: User) -> dict[str, Any]:
    """Names what is the world's: a key of its custom fields, and a document that is taken there."""
    key = world["clients.CustomField"].key
    return {"name": "New", "custom": {key: "x"}, "notes": str(world["clients.Client"].pk)}


ROWS: dict[str, Row] = {
    "POST /api/v1/clients/": Row(body=client_body),
    "GET /api/v1/clients/<uuid:pk>/": Row(arguments=CLIENT),
    "PUT /api/v1/clients/<uuid:pk>/": Row(arguments=CLIENT, headers=ANY_VERSION, body=client_body),
    "PATCH /api/v1/clients/<uuid:pk>/": Row(arguments=CLIENT, headers=ANY_VERSION, body=client_body),
    "POST /api/v1/clients/<uuid:pk>/archival/": Row(arguments=CLIENT, body=lambda *_: {"reason": "moved away"}),
    "DELETE /api/v1/clients/<uuid:pk>/archival/": Row(arguments=CLIENT, before=archived),
    "GET /api/v1/clients/<uuid:pk>/activity/": Row(arguments=CLIENT, before=told_of),
    "GET /api/v1/clients/<uuid:pk>/places/": Row(arguments=CLIENT),
    "POST /api/v1/clients/<uuid:pk>/places/": Row(arguments=CLIENT, body=lambda *_: {"city": "Santos"}),
    "GET /api/v1/places/<uuid:pk>/": Row(arguments=PLACE),
    "PATCH /api/v1/places/<uuid:pk>/": Row(arguments=PLACE, headers=ANY_VERSION, body=lambda *_: {"city": "Santos"}),
    "DELETE /api/v1/places/<uuid:pk>/": Row(arguments=PLACE, before=without_log_book),
    "GET /api/v1/places/<uuid:pk>/assets/": Row(arguments=PLACE),
    "POST /api/v1/places/<uuid:pk>/assets/": Row(arguments=PLACE, body=lambda *_: {"name": "Pool"}),
    "GET /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET),
    "PATCH /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET, headers=ANY_VERSION, body=lambda *_: {"name": "Spa"}),
    "DELETE /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET, before=without_log_book),
    "POST /api/v1/custom-fields/": Row(body=lambda *_: {"key": "depth", "label": "Depth"}),
    "GET /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD),
    "PATCH /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD, body=lambda *_: {"label": "Other"}),
    "DELETE /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD),
}
