"""Locking what is about to change, and making sure it is what the caller saw."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from shared_apps.core.errors import NotThere, Stale
from shared_apps.core.models import Versioned
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.models import Client

V = TypeVar("V", bound=Versioned)


def locked(model: type[V], pk: UUID, *, expected: Collection[int] | None = None) -> V:
    """The row, locked for this transaction. `expected`: versions the caller knows. Raises NotThere, Stale."""
    try:
        row: V = model._default_manager.select_for_update(no_key=True).get(pk=pk)
    except ObjectDoesNotExist as error:
        raise NotThere from error
    if expected is not None and row.version not in expected:
        raise Stale(version=row.version)
    return row


def locked_client(pk: UUID, *, expected: Collection[int] | None = None) -> Client:
    """The standing client, locked. Raises NotThere, Stale, ClientArchived."""
    client = locked(Client, pk, expected=expected)
    if client.is_archived:
        raise ClientArchived
    return client
