"""What an import will do with each row: the dry run and the run follow the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from tenant_apps.clients.models import Client
from tenant_apps.transfers.checking import Checker, Record
from tenant_apps.transfers.models import Import

Action = Literal["create", "update", "skip", "refuse"]
CHUNK = 500  # rows


@dataclass(slots=True)
class Step:
    """`existing`: the client that the row is about, already in the book. A twin's is known only once it was made."""

    action: Action
    record: Record
    existing: Client | None = None
    is_twin: bool = False  # an earlier row of the file is the same client


@dataclass(slots=True)
class Seen:
    """Documents and e-mails of the file so far, with the row that had them first."""

    documents: dict[str, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)

    def twin_of(self, record: Record) -> int | None:
        """Where both have a document it decides; else the e-mail does."""
        if record.document:
            return self.documents.get(record.document)
        return self.emails.get(record.email) if record.email else None

    def add(self, record: Record) -> None:
        if record.document:
            self.documents.setdefault(record.document, record.number)
        elif record.email:
            self.emails.setdefault(record.email, record.number)


def steps(records: Iterable[Record], checker: Checker, duplicates: str) -> Iterator[list[Step]]:
    """The plan, some rows at a time. Between two lots the caller may write what the first said."""
    seen, records = Seen(), iter(records)
    while lot := list(islice(records, CHUNK)):
        by_document, by_email = _existing(lot)
        plan = []
        for record in lot:
            existing = by_document.get(record.document) if record.document else None
            if existing is None and record.email:
                same = by_email.get(record.email)
                existing = same if same and not (same.document and record.document) else None
            plan.append(_step(record, existing, seen, checker, duplicates))
        yield plan


def _step(record: Record, existing: Client | None, seen: Seen, checker: Checker, duplicates: str) -> Step:
    twin = seen.twin_of(record)
    is_known = existing is not None or twin is not None
    if is_known and duplicates == Import.Duplicates.SKIP and not record.errors:
        return Step("skip", record, existing)
    if duplicates == Import.Duplicates.UPDATE and is_known:
        if existing is not None:
            checker.custom_of(record, existing.custom)
            if existing.kind != record.fields.get("kind", existing.kind) and not record.document and existing.document:
                del record.fields["kind"]
        action: Action = "update"
    else:
        record.fields["custom"] = checker.custom_of(record, {})
        if record.document and existing is not None and existing.document == record.document:
            record.errors.append(_("Another client has this CPF or CNPJ."))
        elif record.document and twin is not None:
            record.errors.append(_("Row %(row)d has the same CPF or CNPJ.") % {"row": twin})
        action = "create"
    if record.errors:
        return Step("refuse", record, existing)
    seen.add(record)
    return Step(action, record, existing, is_twin=existing is None and twin is not None)


def _existing(lot: list[Record]) -> tuple[dict[str, Client], dict[str, Client]]:
    """Standing clients that have a document or an e-mail of these rows."""
    standing = Client.objects.standing().defer("search", "notes")
    documents = {record.document for record in lot} - {""}
    emails = {record.email for record in lot} - {""}
    by_document = {client.document: client for client in standing.filter(document__in=documents)} if documents else {}
    by_email: dict[str, Client] = {}
    if emails:
        same = standing.annotate(lower_email=Lower("email")).filter(lower_email__in=emails).order_by("id")
        for client in same:
            by_email.setdefault(client.email.lower(), client)
    return by_document, by_email
