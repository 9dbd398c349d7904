"""The run of an import: everything the check promised in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.core import bulk
from shared_apps.core.errors import DomainError
from shared_apps.tenancy.jobs import due
from tenant_apps.activity import services as activity
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client, Place
from tenant_apps.clients.services.clients import snapshot
from tenant_apps.transfers.checking import Record
from tenant_apps.transfers.errors import ChangedSince
from tenant_apps.transfers.kinds import ROW_KINDS
from tenant_apps.transfers.models import Import, ImportedClient
from tenant_apps.transfers.planning import Step
from tenant_apps.transfers.services import keeping, progress, records, rowwise
from tenant_apps.transfers.services.steps import COUNTS, State, finish, planned


def run_import(import_id: UUID) -> None:
    """Import a checked file. Safe to run twice: what a lost worker had written was never committed."""
    source = Import.objects.select_related("by").filter(pk=import_id, state=State.RUNNING).first()
    if source is None:
        return
    try:
        with transaction.atomic():
            _run(source)
    except progress.Cancelled:
        progress.clear(source)
    except IntegrityError:  # another client took one of the documents while we were at it
        finish(source, State.FAILED, message=ChangedSince().detail)
    except DomainError as error:
        finish(source, State.FAILED, message=error.detail)


def _run(source: Import) -> None:
    if source.kind in ROW_KINDS:
        with keeping.opened(source.file) as file:
            counts = {name: count for name, count in rowwise.write(source, file).items() if name != "rows"}
    else:
        counts = _Writer(source).write()
    checked = {name: getattr(source, name) for name in COUNTS.values()}
    if counts != checked:
        raise ChangedSince
    now = timezone.now()
    if not finish(source, State.DONE, finished_at=now):
        raise progress.Cancelled
    activity.record(source.by, "import.done", source, after=counts)
    due.mark("transfers.expire", now + timedelta(days=settings.IMPORT_UNDO_DAYS))


class _Writer:
    """Writes the plan: new clients in lots, known ones through the service that changes a client."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.new: list[Record] = []

    def write(self) -> dict[str, int]:
        counts: Counter[str] = Counter(dict.fromkeys(COUNTS.values(), 0))
        for lot in planned(self.source, records.kept(self.source)):
            for step in lot:
                counts[COUNTS[step.action]] += 1
                if step.action == "create":
                    self.new.append(step.record)
                elif step.action == "update":
                    self._update(step)
            self._flush()
        return dict(counts)

    def _flush(self) -> None:
        made = clients.create_clients([(record.fields, record.place) for record in self.new], actor=self.source.by)
        self.new.clear()
        bulk.insert(
            [ImportedClient(source=self.source, client_id=client.pk, version=client.version) for client in made]
        )

    def _update(self, step: Step) -> None:
        if step.is_twin:
            self._flush()
        client = step.existing or _same(step.record)
        if client is None:
            raise ChangedSince
        client = Client.objects.get(pk=client.pk)
        before = snapshot(client)
        changes: dict[str, Any] = {k: v for k, v in step.record.fields.items() if k != "custom"}
        if "tags" in changes:
            changes["tags"] = [*client.tags, *changes["tags"]]
        clients.update_client(client, actor=self.source.by, custom=step.record.custom or None, **changes)
        places = self._add_place(client, step.record.place)
        version = Client.objects.values_list("version", flat=True).get(pk=client.pk)
        known = ImportedClient.objects.filter(source=self.source, client_id=client.pk).first()
        if known is None:
            known = ImportedClient(source=self.source, client_id=client.pk, before=before)
        known.version, known.places = version, known.places + places
        known.save()

    def _add_place(self, client: Client, given: dict[str, str]) -> list[str]:
        if not given or Place.objects.filter(client=client, **given).exists():
            return []
        return [str(clients.add_place(client, actor=self.source.by, **given).pk)]


def _same(record: Record) -> Client | None:
    """The client that an earlier row of the file has made."""
    standing = Client.objects.standing()
    if record.document and (found := standing.filter(document=record.document).first()):
        return found
    return standing.filter(email__iexact=record.email).order_by("-id").first() if record.email else None
