"""The same done to many clients at once: a fixed number of statements, however many they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import entitlements
from billing.entitlements import Feature
from shared_apps.core.errors import FieldError
from tenant_apps.activity import services as activity
from tenant_apps.clients.models import Archival, Client
from tenant_apps.clients.signals import client_archiving
from tenant_apps.team.models import Member

MAX_TAG = 40


@transaction.atomic
def archive_clients(ids: Collection[UUID], *, actor: Member | None) -> list[UUID]:
    """Put those away that stand. Returns which these were. Raises what speaks against one: visits to come."""
    standing = [client for client in _locked(ids) if not client.is_archived]
    client_archiving.send(Client, clients=standing)
    archivals = [Archival(client=client, by=actor) for client in standing]
    Archival.objects.bulk_create(archivals)
    for client, archival in zip(standing, archivals, strict=True):
        client.archival = archival
    _save(standing, "archival")
    activity.record_all([activity.noted(actor, "client.archived", client) for client in standing])
    return [client.pk for client in standing]


@transaction.atomic
def restore_clients(ids: Collection[UUID], *, actor: Member | None) -> tuple[list[UUID], list[Client]]:
    """Bring back those that are archived. Returns which these were, and those whose document another client has."""
    archived = [client for client in _locked(ids) if client.is_archived]
    wanted = {client.document for client in archived} - {""}
    taken = set(Client.objects.standing().filter(document__in=wanted).values_list("document", flat=True))
    restored: list[Client] = []
    refused: list[Client] = []
    for client in archived:
        (refused if client.document in taken else restored).append(client)
        taken |= {client.document} - {""}
    if restored:
        entitlements.require_room(entitlements.here(), Feature.CLIENTS, len(restored))
    Archival.objects.filter(pk__in=[client.archival_id for client in restored]).update(
        restored_by=actor, restored_at=timezone.now()
    )
    for client in restored:
        client.archival = None
    _save(restored, "archival")
    activity.record_all([activity.noted(actor, "client.restored", client) for client in restored])
    return [client.pk for client in restored], refused


def tag_clients(ids: Collection[UUID], *, tag: str, actor: Member | None) -> list[UUID]:
    """Give standing clients a tag. Returns those that did not have it. Raises FieldError."""
    tag = _tidy(tag)
    return _retag(ids, actor, lambda tags: tags if tag in tags else [*tags, tag])


def untag_clients(ids: Collection[UUID], *, tag: str, actor: Member | None) -> list[UUID]:
    """Take a tag from standing clients. Returns those that had it. Raises FieldError."""
    tag = _tidy(tag)
    return _retag(ids, actor, lambda tags: [one for one in tags if one != tag])


@transaction.atomic
def _retag(ids: Collection[UUID], actor: Member | None, change: Callable[[list[str]], list[str]]) -> list[UUID]:
    changed, entries = [], []
    for client in _locked(ids):
        before, after = client.tags, change(client.tags)
        if client.is_archived or after == before:
            continue
        client.tags = after
        changed.append(client)
        entries.append(activity.noted(actor, "client.updated", client, before={"tags": before}, after={"tags": after}))
    _save(changed, "tags")
    activity.record_all(entries)
    return [client.pk for client in changed]


def _locked(ids: Collection[UUID]) -> list[Client]:
    """In one order for everybody, so that two at once wait and do not lock each other out."""
    return list(Client.objects.defer("search").filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _save(clients: Iterable[Client], field: str) -> None:
    clients = list(clients)
    now = timezone.now()
    for client in clients:
        client.updated_at = now
        client.version += 1
    Client.objects.bulk_update(clients, [field, "version", "updated_at"])


def _tidy(tag: str) -> str:
    tag = " ".join(tag.lower().split())
    if not tag or len(tag) > MAX_TAG:
        raise FieldError("tag", _("A tag has 1 to %(limit)s characters."), "invalid_tag", limit=MAX_TAG)
    return tag
