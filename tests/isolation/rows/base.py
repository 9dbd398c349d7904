"""What a row says of an endpoint, and the words rows are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations import sessions
from shared_apps.organizations.api import COOKIE
from shared_apps.organizations.models import Organization
from tenant_apps.clients.models import Archival
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
