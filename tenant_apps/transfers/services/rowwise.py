"""Checking, running and undoing an import that goes row by row. The check is the run, taken back at its end."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shared_apps.core.errors import DomainError, FieldError
from tenant_apps.activity import services as activity
from tenant_apps.team.models import Member
from tenant_apps.transfers import sheets
from tenant_apps.transfers.kinds import ROW_KINDS
from tenant_apps.transfers.kinds.base import RowKind, Taking
from tenant_apps.transfers.models import Import, ImportedClient
from tenant_apps.transfers.services import progress
from tenant_apps.transfers.sheets.reading import UNREADABLE

EVERY = 100  # rows between two words to the watchers


def check(source: Import, file: BinaryIO) -> tuple[dict[str, int], dict[int, str]]:
    """The counts, and the refused rows with what is wrong. Nothing of it stays."""
    with transaction.atomic():
        counts, refused = _go(source, file, marks=False)
        transaction.set_rollback(True)
    return counts, refused


def write(source: Import, file: BinaryIO) -> dict[str, int]:
    """The counts; what was made is marked for an undo. Rows with errors are left out."""
    return _go(source, file, marks=True)[0]


def undo(source: Import, *, actor: Member | None) -> dict[str, Any]:
    """Remove what it made, but for what somebody has built on."""
    kind, removed, kept = ROW_KINDS[source.kind], 0, 0
    for mark in source.clients.order_by("-pk"):
        if kind.undo(mark.client_id, mark.version):
            removed += 1
        else:
            kept += 1
    activity.record(actor, "import.undone", source, after={"removed": removed, "kept": kept})
    return {"removed": removed, "kept": kept}


def _go(source: Import, file: BinaryIO, *, marks: bool) -> tuple[dict[str, int], dict[int, str]]:
    kind = ROW_KINDS[source.kind]
    taking = Taking(source.by, source.duplicates == Import.Duplicates.SKIP, set(), {})
    counts = {"rows": 0, "created": 0, "updated": 0, "skipped": 0, "refused": 0}
    refused: dict[int, str] = {}
    for number, row in sheets.filled(file, sheets.Reading(**source.reading)):
        counts["rows"] += 1
        try:
            with transaction.atomic():
                made = kind.take(taking, _fields(kind, source, row))
        except FieldError as error:
            refused[number] = f"{kind.label(error.field)}: {error.detail}"
        except DomainError as error:
            refused[number] = error.detail
        except IntegrityError:
            refused[number] = _("This does not fit what is there already.")
        else:
            counts["skipped" if made is None else "created"] += 1
            if made is not None:
                taking.made.add(made.pk)
                if marks:
                    version = getattr(made, "version", 1)
                    ImportedClient.objects.create(source=source, client_id=made.pk, version=version)
        if counts["rows"] % EVERY == 0:
            progress.tell(source, counts["rows"])
    counts["refused"] = len(refused)
    return counts, refused


def _fields(kind: RowKind, source: Import, row: list[str]) -> dict[str, str]:
    """Field -> cell, of those that are filled in. Raises FieldError."""
    found = {}
    for number, key in source.mapping.items():
        cell = row[int(number)].strip() if int(number) < len(row) else ""
        if UNREADABLE in cell:
            raise FieldError(key, _("It holds characters that cannot be read."))
        if cell:
            found[key] = cell
    for key in kind.needed:
        if key not in found:
            raise FieldError(key, _("It is missing."))
    return found
