"""Clients as a file: what the list's filter shows, or those that were picked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shared_apps.core import formats
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.activity import services as activity
from tenant_apps.activity.models import Activity
from tenant_apps.clients import queries
from tenant_apps.clients.models import Client, CustomField
from tenant_apps.clients.queries import ORDERINGS, Wanted
from tenant_apps.team.models import Member
from tenant_apps.transfers import cells
from tenant_apps.transfers.models import Export
from tenant_apps.transfers.services import keeping
from tenant_apps.transfers.sheets import writing

LOT = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `ids`: these clients and no others. `columns`: keys of `cells.offered`, in that order."""

    kind: str  # csv or xlsx
    columns: list[str]
    language: str
    wanted: Wanted = field(default_factory=Wanted)
    ids: list[UUID] = field(default_factory=list)
    ordering: str = "name"
    zone: str = "UTC"  # in which moments are written

    def as_json(self) -> dict[str, Any]:
        stored = asdict(self)
        stored["ids"] = [str(pk) for pk in self.ids]
        for name in ("created_from", "created_before"):
            moment: datetime | None = stored["wanted"][name]
            stored["wanted"][name] = moment.isoformat() if moment else None
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Order:
        wanted = dict(stored["wanted"])
        for name in ("created_from", "created_before"):
            wanted[name] = parse_datetime(wanted[name]) if wanted.get(name) else None
        return cls(**{**stored, "wanted": Wanted(**wanted), "ids": [UUID(pk) for pk in stored["ids"]]})

    @property
    def file_name(self) -> str:
        with translation.override(self.language):
            return f"{_('clients')}-{timezone.localdate().isoformat()}.{self.kind}"

    def clients(self) -> Any:
        found = Client.objects.filter(pk__in=self.ids) if self.ids else queries.clients(self.wanted)
        return found.order_by(*ORDERINGS[self.ordering])

    def rows(self) -> Iterator[list[Any]]:
        """The header, then a row a client; some clients in memory at a time."""
        with translation.override(self.language):
            custom_fields = list(CustomField.objects.all())
            chosen = [column for column in cells.offered(custom_fields) if column.key in self.columns]
            yes, no = _("yes"), _("no")
            yield [str(column.label) for column in chosen]
            kinds = {kind: str(label) for kind, label in Client.Kind.choices}
        found = self.clients().defer("search").prefetch_related("places")
        for client in found.iterator(chunk_size=LOT):
            place = min(client.places.all(), key=lambda place: place.pk, default=None)
            values = (column.value(client, place) for column in chosen)
            yield [kinds.get(v, v) if c.key == "kind" else yes if v is True else no if v is False else v
                   for c, v in zip(chosen, values, strict=True)]  # fmt: skip


@transaction.atomic
def stream_csv(order: Order, *, actor: Member | None) -> Iterator[bytes]:
    """The file as it is made, to be sent while it is. That it was taken is on record before the first byte."""
    _record(actor, order, order.clients().count())
    return writing.csv_lines(order.rows(), language=order.language)


@transaction.atomic
def xlsx_file(order: Order, *, actor: Member | None) -> Any:
    """The whole file, open at its beginning. For few clients: more are made in the background."""
    _record(actor, order, order.clients().count())
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    writing.write_xlsx(target, order.rows())
    target.seek(0)
    return target


@transaction.atomic
def order_export(order: Order, *, actor: Member | None) -> Export:
    """Have the file made in the background."""
    until = timezone.now() + timedelta(days=settings.EXPORT_KEEP_DAYS)
    export = Export.objects.create(by=actor, expires_at=until, file_name=order.file_name, wanted=order.as_json())
    due.mark("transfers.expire", until)
    enqueue("transfers.export", export_id=export.pk)
    return export


def fill_export(export_id: UUID) -> None:
    """Make the file that was asked for. Safe to run twice."""
    export = Export.objects.select_related("by").filter(pk=export_id, state=Export.State.RUNNING).first()
    if export is None:
        return
    order = Order.from_json(export.wanted)
    count = order.clients().count()
    with formats.reading(locale=order.language, zone=order.zone), tempfile.TemporaryFile() as target:
        if order.kind == "xlsx":
            writing.write_xlsx(target, order.rows())
        else:
            target.writelines(writing.csv_lines(order.rows(), language=order.language))
        target.seek(0)
        path = keeping.keep("exports", export.file_name, target)
    Export.objects.filter(pk=export.pk).update(state=Export.State.DONE, file=path, rows=count)
    _record(export.by, order, count)


def _record(actor: Member | None, order: Order, count: int) -> Activity:
    """Who took how many clients away. It is about the member: a file that was streamed has no row of its own."""
    subject = actor or Export(file_name=order.file_name)
    return activity.record(actor, "clients.exported", subject, after={"clients": count, "format": order.kind})
