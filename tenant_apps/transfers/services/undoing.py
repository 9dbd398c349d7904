"""Taking an import back, as far as nobody has touched since what it brought."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import RestrictedError

from shared_apps.core.errors import DomainError
from tenant_apps.activity import services as activity
from tenant_apps.activity.models import Activity
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client, Place
from tenant_apps.team.models import Member
from tenant_apps.transfers.kinds import ROW_KINDS
from tenant_apps.transfers.models import Import, ImportedClient
from tenant_apps.transfers.services import rowwise
from tenant_apps.transfers.services.steps import State, finish

LOT = 500
KEPT_NAMES = 50


def undo_import(import_id: UUID, *, actor: Member | None) -> None:
    """Remove the clients it created and restore those it changed, but for those changed since. Safe to run twice."""
    source = Import.objects.filter(pk=import_id, state=State.UNDOING).first()
    if source is None:
        return
    if source.kind in ROW_KINDS:
        finish(source, State.UNDONE, undone=rowwise.undo(source, actor=actor))
        return
    result: dict[str, Any] = {"removed": 0, "restored": 0, "kept": 0, "names": []}
    for lot in _lots(source):
        untouched, touched = _sort(source, lot)
        result["kept"] += len(touched)
        result["names"] = [*result["names"], *touched][:KEPT_NAMES]
        created = [mark.client_id for mark in untouched if mark.before is None]
        for client in Client.objects.filter(pk__in=created):
            _remove(client, result)
        for mark in untouched:
            if mark.before is not None:
                _restore(mark, actor, result)
    finish(source, State.UNDONE, undone=result)
    activity.record(actor, "import.undone", source, after={k: v for k, v in result.items() if k != "names"})


def _lots(source: Import) -> Iterator[list[ImportedClient]]:
    marks = iter(list(source.clients.order_by("pk")))
    while lot := list(islice(marks, LOT)):
        yield lot


def _sort(source: Import, lot: list[ImportedClient]) -> tuple[list[ImportedClient], list[str]]:
    """Those nobody touched since the import, locked; and the names of the others. Who is gone is in neither."""
    ids = [mark.client_id for mark in lot]
    found = {client.pk: client for client in Client.objects.select_for_update(no_key=True).filter(pk__in=ids)}
    later = Activity.objects.filter(subject_type="clients.client", subject_id__in=ids, at__gt=source.finished_at)
    busy = set(later.values_list("subject_id", flat=True))
    untouched, touched = [], []
    for mark in lot:
        client = found.get(mark.client_id)
        if client is None:
            continue
        if client.version == mark.version and client.pk not in busy:
            untouched.append(mark)
        else:
            touched.append(client.name)
    return untouched, touched


def _remove(client: Client, result: dict[str, Any]) -> None:
    """Unless something hangs on the client by now: an appointment, an entry."""
    try:
        with transaction.atomic():
            client.delete()
    except RestrictedError:
        result["kept"] += 1
        result["names"] = [*result["names"], client.name][:KEPT_NAMES]
    else:
        result["removed"] += 1


def _restore(mark: ImportedClient, actor: Member | None, result: dict[str, Any]) -> None:
    client = Client.objects.get(pk=mark.client_id)
    try:
        with transaction.atomic():
            for place in Place.objects.filter(pk__in=mark.places):
                clients.remove_place(place, actor=actor)
            clients.update_client(client, actor=actor, replace_custom=True, **(mark.before or {}))
    except DomainError:  # its old document is another's by now, or a custom field is
        result["kept"] += 1
        result["names"] = [*result["names"], client.name][:KEPT_NAMES]
    else:
        result["restored"] += 1
