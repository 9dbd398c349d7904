"""Two records of one client become one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shared_apps.core.errors import Stale
from tenant_apps.activity import services as activity
from tenant_apps.clients.errors import SameClient
from tenant_apps.clients.models import Client, Place
from tenant_apps.clients.services.clients import put_away, refresh_places, update_client
from tenant_apps.clients.services.locks import locked_client
from tenant_apps.clients.signals import clients_merged
from tenant_apps.files import services as files
from tenant_apps.notifications import services as notifications
from tenant_apps.team.models import Member

CHOSEN = ("name", "legal_name", "document", "email", "phone")


@transaction.atomic
def merge_clients(
    survivor: Client,
    other: Client,
    *,
    actor: Member | None,
    take: Collection[str] = (),
    expected: tuple[int, int] | None = None,
) -> Client:
    """`survivor` gets the places, files, history and tags of `other`, its notes below its own, and what it lacks.

    `take`: fields (CHOSEN, `custom.<key>`) in which `other` is right. `other` is archived and says where it went.
    Raises NotThere, Stale, ClientArchived, SameClient, FieldError, InvalidCustom.
    """
    if survivor.pk == other.pk:
        raise SameClient
    first, second = (locked_client(pk) for pk in sorted([survivor.pk, other.pk]))
    survivor, other = (first, second) if first.pk == survivor.pk else (second, first)
    if expected is not None and expected != (survivor.version, other.version):
        raise Stale(version=survivor.version)
    changes = merged_fields(survivor, other, take)
    activity.move(other, survivor)
    notifications.merge_recipients(survivor.pk, other.pk, actor=actor)
    files.move_attachments("clients.client", [other.pk], survivor.pk)
    activity.record(actor, "client.merged", survivor, after={"name": other.name, "merged": other.pk})
    Place.objects.filter(client=other).update(client=survivor)
    refresh_places(other)
    clients_merged.send(Client, survivor=survivor, other=other, actor=actor)
    archival = put_away(other, actor=actor, reason=_("Merged into %(name)s.") % {"name": survivor.name[:200]})
    archival.merged_into = survivor
    archival.save(update_fields=["merged_into"])
    survivor = update_client(survivor, actor=actor, **changes)
    refresh_places(survivor)
    return survivor


def merged_fields(survivor: Client, other: Client, take: Collection[str]) -> dict[str, Any]:
    """What the survivor has afterwards, of the fields people edit."""
    found: dict[str, Any] = {}
    for name in CHOSEN:
        if (name in take or not getattr(survivor, name)) and getattr(other, name):
            found[name] = getattr(other, name)
    if "document" in found:
        found["kind"] = other.kind  # it says how the document is read
    found["tags"] = list(dict.fromkeys([*survivor.tags, *other.tags]))
    found["notes"] = "\n\n".join(dict.fromkeys(filter(None, [survivor.notes.strip(), other.notes.strip()])))
    theirs = {
        key: value
        for key, value in other.custom.items()
        if f"custom.{key}" in take or survivor.custom.get(key) in (None, "")
    }
    return found | ({"custom": theirs} if theirs else {})
