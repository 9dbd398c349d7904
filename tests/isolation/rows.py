"""How to make, for every endpoint, a request that reaches real data. An endpoint without a row fails the suite.

A GET without arguments needs nothing said. Everything else is named here by "METHOD /route" as the resolver spells it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.urls import resolve
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions
from shared_apps.organizations.api import COOKIE
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Archival
from tests.cast import PASSWORD
from tests.isolation.endpoints import Endpoint
from tests.isolation.world import World

Words = Callable[[World], Any]


def nothing(*_given: Any) -> None:
    return None


@dataclass(frozen=True)
class Row:
    """One endpoint's request. `answers` is what it gets when it is allowed.

    `shows`: the answer to a GET holds words of the organization. `changes`: the organization's tables are different
    afterwards. `body` is made from the world whose data it names; `prepare` gets the client and who it acts for.
    `as_stranger` is how a Public endpoint answers somebody who has no business there.
    """

    body: Callable[[World, User], Any] = nothing
    headers: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, Words] = field(default_factory=dict)
    query: str = ""
    prepare: Callable[[APIClient, User, Organization], None] = nothing
    before: Callable[[World], None] = nothing  # run inside the world's schema
    answers: Collection[int] = (200, 201, 204)
    as_stranger: Collection[int] = (401, 403)
    shows: bool = True
    changes: bool = True


def with_refresh_cookie(client: APIClient, user: User, organization: Organization) -> None:
    client.cookies[COOKIE] = sessions.open_session(user, organization.pk).token
    client.cookies["csrftoken"] = "c" * 32
    client.credentials(**{**client._credentials, "HTTP_X_CSRFTOKEN": "c" * 32})


def with_csrf(client: APIClient, _user: User, _organization: Organization) -> None:
    client.cookies["csrftoken"] = "c" * 32
    client.credentials(**{**client._credentials, "HTTP_X_CSRFTOKEN": "c" * 32})


def archived(world: World) -> None:
    """The planted client put away, as `POST .../archival/` leaves it."""
    client = world["clients.Client"]
    client.archival = Archival.objects.create(client=client, by=world["team.Member"])
    client.save(update_fields=["archival"])


def told_of(world: World) -> None:
    """The planted activity, made to be about the planted client."""
    activity = world["activity.Activity"]
    activity.subject_type, activity.subject_id = "clients.client", world["clients.Client"].pk
    activity.save()


def key_of(label: str) -> Words:
    return lambda world: world[label].pk


# What an argument of a route stands for, by its name; a row may say otherwise.
ARGUMENTS: dict[str, Words] = {}

CLIENT = {"pk": key_of("clients.Client")}
PLACE = {"pk": key_of("clients.Place")}
ASSET = {"pk": key_of("clients.Asset")}
FIELD = {"pk": key_of("clients.CustomField")}
ANY_VERSION = {"if-match": "*"}


def client_body(world: World, _user: User) -> dict[str, Any]:
    """Names what is the world's: a key of its custom fields, and a document that is taken there."""
    key = world["clients.CustomField"].key
    return {"name": "New", "custom": {key: "x"}, "notes": str(world["clients.Client"].pk)}


ROWS: dict[str, Row] = {
    "POST /api/v1/auth/login/": Row(
        body=lambda _world, user: {"email": user.email, "password": PASSWORD}, changes=False
    ),
    "POST /api/v1/auth/refresh/": Row(prepare=with_refresh_cookie, changes=False),
    "POST /api/v1/auth/logout/": Row(prepare=with_refresh_cookie, changes=False, as_stranger=(204, 403)),
    "POST /language/": Row(
        body=lambda *_: {"language": "en"}, prepare=with_csrf, answers=(302,), as_stranger=(302, 403), changes=False
    ),
    # The description of the API is the same for every organization.
    "GET /api/v1/schema/": Row(shows=False),
    "GET /api/v1/docs/": Row(shows=False),
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
    "DELETE /api/v1/places/<uuid:pk>/": Row(arguments=PLACE),
    "GET /api/v1/places/<uuid:pk>/assets/": Row(arguments=PLACE),
    "POST /api/v1/places/<uuid:pk>/assets/": Row(arguments=PLACE, body=lambda *_: {"name": "Pool"}),
    "GET /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET),
    "PATCH /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET, headers=ANY_VERSION, body=lambda *_: {"name": "Spa"}),
    "DELETE /api/v1/assets/<uuid:pk>/": Row(arguments=ASSET),
    "POST /api/v1/custom-fields/": Row(body=lambda *_: {"key": "depth", "label": "Depth"}),
    "GET /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD),
    "PATCH /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD, body=lambda *_: {"label": "Other"}),
    "DELETE /api/v1/custom-fields/<uuid:pk>/": Row(arguments=FIELD),
}


def row_of(endpoint: Endpoint) -> Row | None:
    """The row of an endpoint; None: nobody has said how to reach its data."""
    row = ROWS.get(str(endpoint))
    if row is None and endpoint.is_safe and not endpoint.arguments:
        return Row()
    return row


def uncovered(endpoints: Collection[Endpoint]) -> list[str]:
    """The endpoints that the suite could not attack."""
    return sorted(
        str(endpoint)
        for endpoint in endpoints
        if (row := row_of(endpoint)) is None or not set(endpoint.arguments) <= {*ARGUMENTS, *row.arguments}
    )


def path_of(endpoint: Endpoint, arguments: dict[str, Any], *, urlconf: str) -> str:
    """The path of a route with its arguments filled in, without its query. Raises when it leads somewhere else."""
    path = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", r"<\1>", endpoint.route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(arguments[match[1]]), path)
    path = "/" + re.sub(r"\^|\$|\\Z|\\(?=\.)", "", path).replace("/?", "/")
    assert resolve(path, urlconf).route == endpoint.route, f"{path} does not lead to {endpoint.route}"
    return path


def arguments_of(endpoint: Endpoint, world: World) -> dict[str, Any]:
    row = row_of(endpoint) or Row()
    makers = {**ARGUMENTS, **row.arguments}
    return {name: makers[name](world) for name in endpoint.arguments}
