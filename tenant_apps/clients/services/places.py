"""Places and what is looked after there. The client is locked first: it sums up its places, and archived it is closed.

Activity is recorded on the client, so that its history is one list.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import RestrictedError

from tenant_apps.activity import services as activity
from tenant_apps.clients import documents
from tenant_apps.clients.errors import HasLogBook
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.clients.services.clients import refresh_places
from tenant_apps.clients.services.locks import locked, locked_client
from tenant_apps.team.models import Member

PLACE_FIELDS = (
    "label", "street", "number", "complement", "district", "city", "state", "postal_code", "access_notes",
)  # fmt: skip
ASSET_FIELDS = ("kind", "name", "volume_m3", "surface_m2", "filter", "notes")
Expected = Collection[int] | None


@transaction.atomic
def add_place(client: Client, *, actor: Member | None, **fields: Any) -> Place:
    """Raises NotThere, ClientArchived, FieldError."""
    client = locked_client(client.pk)
    place = Place(client=client, **fields)
    _tidy(place)
    place.save(force_insert=True)
    refresh_places(client)
    activity.record(actor, "place.added", client, after=_snapshot(place, PLACE_FIELDS))
    return place


@transaction.atomic
def update_place(place: Place, *, actor: Member | None, expected: Expected = None, **changes: Any) -> Place:
    """Raises NotThere, Stale, ClientArchived, FieldError."""
    client = locked_client(place.client_id)
    place = locked(Place, place.pk, expected=expected)
    before = _snapshot(place, PLACE_FIELDS)
    for name, value in changes.items():
        setattr(place, name, value)
    _tidy(place)
    after = _snapshot(place, PLACE_FIELDS)
    if after == before:
        return place
    place.version += 1
    place.save(update_fields=[*PLACE_FIELDS, "version", "updated_at"])
    refresh_places(client)
    activity.record(actor, "place.updated", client, before=before, after=after | {"place": place.pk})
    return place


@transaction.atomic
def remove_place(place: Place, *, actor: Member | None, expected: Expected = None) -> None:
    """Take a place away with its assets. Raises NotThere, Stale, ClientArchived, HasLogBook."""
    client = locked_client(place.client_id)
    place = locked(Place, place.pk, expected=expected)
    before = _snapshot(place, PLACE_FIELDS)
    _delete(place)
    refresh_places(client)
    activity.record(actor, "place.removed", client, before=before)


@transaction.atomic
def add_asset(place: Place, *, actor: Member | None, **fields: Any) -> Asset:
    """Raises NotThere, ClientArchived."""
    client = locked_client(place.client_id)
    asset = Asset.objects.create(place=locked(Place, place.pk), **fields)
    activity.record(actor, "asset.added", client, after=_snapshot(asset, ASSET_FIELDS))
    return asset


@transaction.atomic
def update_asset(asset: Asset, *, actor: Member | None, expected: Expected = None, **changes: Any) -> Asset:
    """Raises NotThere, Stale, ClientArchived."""
    client = locked_client(asset.place.client_id)
    asset = locked(Asset, asset.pk, expected=expected)
    before = _snapshot(asset, ASSET_FIELDS)
    for name, value in changes.items():
        setattr(asset, name, value)
    after = _snapshot(asset, ASSET_FIELDS)
    if after == before:
        return asset
    asset.version += 1
    asset.save(update_fields=[*ASSET_FIELDS, "version", "updated_at"])
    activity.record(actor, "asset.updated", client, before=before, after=after | {"asset": asset.pk})
    return asset


@transaction.atomic
def remove_asset(asset: Asset, *, actor: Member | None, expected: Expected = None) -> None:
    """Raises NotThere, Stale, ClientArchived, HasLogBook."""
    client = locked_client(asset.place.client_id)
    asset = locked(Asset, asset.pk, expected=expected)
    before = _snapshot(asset, ASSET_FIELDS)
    _delete(asset)
    activity.record(actor, "asset.removed", client, before=before)


def _delete(thing: Place | Asset) -> None:
    """What an app above keeps for good (a log book) keeps what it is about."""
    try:
        thing.delete()
    except RestrictedError as error:
        raise HasLogBook from error


def _tidy(place: Place) -> None:
    place.city = " ".join(place.city.split())
    place.state = documents.state(place.state)
    place.postal_code = documents.postal_code(place.postal_code)


def _snapshot(thing: Place | Asset, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields with something in them, and which thing it is."""
    named = {name: getattr(thing, name) for name in names}
    return {thing._meta.model_name or "": thing.pk, **{k: v for k, v in named.items() if v not in ("", None)}}
