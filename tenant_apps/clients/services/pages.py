"""A client with its places and what is looked after there, as one page sends them: all of it is saved or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.tenancy.locks import alone
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.clients.services.clients import create_client, update_client
from tenant_apps.clients.services.locks import locked, locked_client
from tenant_apps.clients.services.places import (
    add_asset,
    add_place,
    remove_asset,
    remove_place,
    update_asset,
    update_place,
)
from tenant_apps.team.models import Member


@dataclass(frozen=True, slots=True)
class Given:
    """A place or an asset as the page sends it. Without `id` it is new; `fields` are those that were touched."""

    fields: dict[str, Any]
    id: UUID | None = None
    version: int | None = None
    removed: bool = False
    assets: list[Given] = field(default_factory=list)


@transaction.atomic
def add_client_page(*, actor: Member | None, id: UUID, fields: dict[str, Any], places: Sequence[Given]) -> Client:
    """A new client with its places. `id` is the page's: sent twice, it is made once, and the second gets the first.

    Raises FieldError, InvalidCustom, DocumentTaken.
    """
    alone(f"client:{id}")
    known = Client.objects.filter(pk=id).first()
    if known is not None:
        return known
    client = create_client(actor=actor, id=id, **fields)
    for given in places:
        _save_place(client, given, actor)
    return client


@transaction.atomic
def save_client_page(
    client: Client, *, actor: Member | None, expected: int, fields: dict[str, Any], places: Sequence[Given]
) -> Client:
    """The touched fields of a client and of its places. Versions are checked of all that is touched.

    Raises NotThere, Stale, ClientArchived, FieldError, InvalidCustom, DocumentTaken.
    """
    client = locked_client(client.pk, expected=[expected])
    if fields:
        client = update_client(client, actor=actor, **fields)
    for given in places:
        _save_place(client, given, actor)
    return client


def _save_place(client: Client, given: Given, actor: Member | None) -> None:
    if given.id is None:
        place = add_place(client, actor=actor, **given.fields)
    else:
        place = locked(Place, given.id)
        if place.client_id != client.pk:
            return  # of another client: the page never showed it
        if given.removed:
            return remove_place(place, actor=actor, expected=_versions(given))
        if given.fields:
            place = update_place(place, actor=actor, expected=_versions(given), **given.fields)
    for asset in given.assets:
        _save_asset(place, asset, actor)


def _save_asset(place: Place, given: Given, actor: Member | None) -> None:
    if given.id is None:
        add_asset(place, actor=actor, **given.fields)
        return
    asset = locked(Asset, given.id)
    if asset.place_id != place.pk:
        return
    asset.place = place
    if given.removed:
        remove_asset(asset, actor=actor, expected=_versions(given))
    elif given.fields:
        update_asset(asset, actor=actor, expected=_versions(given), **given.fields)


def _versions(given: Given) -> list[int]:
    return [given.version or 0]
