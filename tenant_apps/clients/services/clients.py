"""Creating, changing, archiving and restoring clients."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core.errors import FieldError
from tenant_apps.activity import services as activity
from tenant_apps.clients import custom, documents, words
from tenant_apps.clients.errors import AlreadyArchived, DocumentTaken, NotArchived
from tenant_apps.clients.models import Archival, Client, CustomField
from tenant_apps.clients.services.locks import locked, locked_client
from tenant_apps.clients.signals import client_archiving
from tenant_apps.team.models import Member

FIELDS = ("kind", "name", "legal_name", "document", "email", "phone", "tags", "notes", "custom")
DERIVED = ("name_key", "cities", "search")


@transaction.atomic
def create_client(*, actor: Member | None, **fields: Any) -> Client:
    """Add a client. `fields`: see FIELDS; only `name` is required, and custom fields that are.

    Raises FieldError, InvalidCustom, DocumentTaken.
    """
    given = fields.pop("custom", None) or {}
    client = Client(**fields)
    _tidy(client)
    client.custom = custom.merged({}, given, CustomField.objects.all())
    _refuse_taken(client)
    _derive(client, places=[])
    entitlements.require_room(entitlements.here(), Feature.CLIENTS)
    client.save(force_insert=True)
    activity.record(actor, "client.created", client, after=snapshot(client))
    return client


@transaction.atomic
def update_client(
    client: Client,
    *,
    actor: Member | None,
    expected: Collection[int] | None = None,
    replace_custom: bool = False,
    **changes: Any,
) -> Client:
    """Change a standing client. Given custom values join those it has (None takes one out) unless `replace_custom`.

    Raises NotThere, Stale, ClientArchived, FieldError, InvalidCustom, DocumentTaken.
    """
    client = locked_client(client.pk, expected=expected)
    before = snapshot(client)
    given = changes.pop("custom", None)
    for name, value in changes.items():
        setattr(client, name, value)
    _tidy(client)
    if given is not None or replace_custom:
        client.custom = custom.merged(client.custom, given or {}, CustomField.objects.all(), replace=replace_custom)
    after = snapshot(client)
    if after == before:
        return client
    if client.document != before["document"]:
        _refuse_taken(client)
    _derive(client, places=client.places.values_list("city", "state"))
    client.version += 1
    client.save(update_fields=[*FIELDS, *DERIVED, "version", "updated_at"])
    activity.record(actor, "client.updated", client, before=before, after=after)
    return client


@transaction.atomic
def archive_client(
    client: Client, *, actor: Member | None, reason: str = "", expected: Collection[int] | None = None
) -> Archival:
    """Put a client away: it keeps everything, cannot be changed, and its document is free again.

    Raises NotThere, Stale, AlreadyArchived, and what speaks against it above us: visits to come.
    """
    client = locked(Client, client.pk, expected=expected)
    if client.is_archived:
        raise AlreadyArchived
    client_archiving.send(Client, clients=[client])
    return put_away(client, actor=actor, reason=reason)


def put_away(client: Client, *, actor: Member | None, reason: str) -> Archival:
    """The (locked) client, whatever speaks against it."""
    archival = Archival.objects.create(client=client, by=actor, reason=reason.strip())
    client.archival = archival
    client.version += 1
    client.save(update_fields=["archival", "version", "updated_at"])
    activity.record(actor, "client.archived", client, after={"reason": archival.reason})
    return archival


@transaction.atomic
def restore_client(client: Client, *, actor: Member | None, expected: Collection[int] | None = None) -> Client:
    """Bring an archived client back. Raises NotThere, Stale, NotArchived; DocumentTaken if another standing
    client has its document by now."""
    client = locked(Client, client.pk, expected=expected)
    if client.archival_id is None:
        raise NotArchived
    _refuse_taken(client)
    entitlements.require_room(entitlements.here(), Feature.CLIENTS)
    Archival.objects.filter(pk=client.archival_id).update(restored_by=actor, restored_at=timezone.now())
    client.archival = None
    client.version += 1
    client.save(update_fields=["archival", "version", "updated_at"])
    activity.record(actor, "client.restored", client)
    return client


def refresh_places(client: Client) -> None:
    """After a place of the (locked) client changed: its cities and its search words follow."""
    cities = client.cities
    _derive(client, places=client.places.values_list("city", "state"))
    if client.cities != cities:
        client.version += 1
        client.save(update_fields=[*DERIVED, "version", "updated_at"])


def snapshot(client: Client) -> dict[str, Any]:
    """What activity compares: a copy of the fields people edit."""
    return {
        name: value.copy() if isinstance(value := getattr(client, name), (dict, list)) else value for name in FIELDS
    }


def _tidy(client: Client) -> None:
    """Bring what was typed into the form it is kept in. Raises FieldError."""
    client.name = " ".join(client.name.split())
    if not client.name:
        raise FieldError("name", _("This field may not be blank."), "blank")
    client.legal_name = " ".join(client.legal_name.split())
    client.document = documents.document(client.document, company=client.kind == Client.Kind.COMPANY)
    client.phone = documents.phone(client.phone)
    client.email = client.email.strip()
    client.tags = list(dict.fromkeys(tag for typed in client.tags if (tag := " ".join(typed.lower().split()))))


def _refuse_taken(client: Client) -> None:
    """The constraint decides; asking first gives the clear answer whenever nobody races."""
    others = Client.objects.standing().exclude(pk=client.pk)
    if client.document and others.filter(document=client.document).exists():
        raise DocumentTaken


def _derive(
    client: Client, *, places: Iterable[tuple[str, str]], vector: Callable[[list[str]], Any] = words.vector
) -> None:
    places = list(places)
    client.name_key = words.name_key(client.name)
    client.cities = sorted({" - ".join(filter(None, [city, state])) for city, state in places} - {""})
    client.search = vector(
        words.of_client(
            name=client.name,
            legal_name=client.legal_name,
            document=client.document,
            phone=client.phone,
            places=places,
        )
    )
