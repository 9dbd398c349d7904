"""An import's way from the upload to the run. Each step is a conditional UPDATE: of two clicks one counts."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import chain, islice
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.core.errors import DomainError
from shared_apps.tenancy.jobs import due, enqueue
from tenant_apps.clients.models import CustomField
from tenant_apps.team.models import Member
from tenant_apps.transfers import columns, sheets
from tenant_apps.transfers.checking import Checker, Record
from tenant_apps.transfers.errors import ColumnTwice, NameNotChosen, NeededNotChosen, NotNow, TooLateToUndo, Unreadable
from tenant_apps.transfers.kinds import ROW_KINDS, fields_of
from tenant_apps.transfers.models import Import
from tenant_apps.transfers.planning import Step, steps
from tenant_apps.transfers.services import keeping, progress, records, rowwise
from tenant_apps.transfers.sheets import writing

HEAD = 20  # rows kept to choose the columns by
FIRST_ERRORS = 20
State = Import.State
COUNTS = {"create": "created", "update": "updated", "skip": "skipped", "refuse": "refused"}


@transaction.atomic
def start_import(file: BinaryIO, *, name: str, actor: Member | None, kind: str = "clients") -> Import:
    """Take in an uploaded file: how it is read, and which columns lead where, as far as that can be told.

    Raises Unreadable.
    """
    reading = sheets.detect(file)
    head = list(islice(sheets.rows(file, reading), HEAD))
    other = ROW_KINDS.get(kind)
    has_header, skip = sheets.header_and_skip(head, other.by_header if other else columns.by_header)
    rows = head[skip:]
    if not any(any(row) for row in rows[1 if has_header else 0 :]):
        raise Unreadable(
            _("There is a header but nothing below it.") if any(map(any, head)) else _("The file is empty.")
        )
    headers = rows[0] if has_header else []
    fingerprint = columns.fingerprint([kind, *headers] if other and headers else headers)
    if other:
        suggested = other.suggest(headers)
    else:
        suggested = columns.suggest(headers, rows[has_header:], CustomField.objects.all())
    file.seek(0)
    source = Import.objects.create(
        by=actor,
        kind=kind,
        file_name=name[-200:],
        file=keeping.keep("imports", name, file),
        reading={**asdict(reading), "has_header": has_header, "skip": skip},
        head=rows,
        fingerprint=fingerprint,
        mapping=_remembered(fingerprint) or suggested,
    )
    due.mark("transfers.expire", timezone.now() + timedelta(days=settings.IMPORT_KEEP_DAYS))
    return source


@transaction.atomic
def begin_check(
    source: Import, *, mapping: dict[str, str], has_header: bool, duplicates: str, actor: Member | None
) -> None:
    """Have every row checked; nothing is written to the book. Raises NameNotChosen, ColumnTwice, NotNow."""
    kind = ROW_KINDS.get(source.kind)
    known = {field.key for field in fields_of(source.kind)}
    mapping = {number: key for number, key in mapping.items() if key in known}
    if kind and not set(kind.needed) <= set(mapping.values()):
        raise NeededNotChosen(kind.required)
    if not kind and "name" not in mapping.values():
        raise NameNotChosen
    taken: set[str] = set()
    for number, key in mapping.items():
        if key in taken:
            raise ColumnTwice(number)
        taken.add(key)
    open_states = [State.MATCHING, State.CHECKED, State.FAILED, State.CANCELLED]
    _move(
        source, open_states, State.CHECKING, mapping=mapping, duplicates=duplicates, message="",
        reading={**source.reading, "has_header": has_header},
    )  # fmt: skip
    enqueue("transfers.check", import_id=source.pk, language=get_language() or "")


@transaction.atomic
def begin_run(source: Import, *, actor: Member | None) -> None:
    """Have the file imported as it was checked. Raises NotNow."""
    _move(source, [State.CHECKED], State.RUNNING, by=actor)
    enqueue("transfers.run", import_id=source.pk, language=get_language() or "")


@transaction.atomic
def begin_undo(source: Import, *, actor: Member | None) -> None:
    """Have an import taken back. Raises NotNow, TooLateToUndo."""
    if source.state == State.DONE and not can_undo(source):
        raise TooLateToUndo(days=settings.IMPORT_UNDO_DAYS)
    _move(source, [State.DONE], State.UNDOING)
    enqueue("transfers.undo", import_id=source.pk, actor_id=actor.pk if actor else None, language=get_language() or "")


def can_undo(source: Import) -> bool:
    since = timezone.now() - timedelta(days=settings.IMPORT_UNDO_DAYS)
    return source.state == State.DONE and source.finished_at is not None and source.finished_at > since


def cancel(source: Import, *, actor: Member | None) -> None:
    """Stop a check or a run: what it did until now is taken back. Raises NotNow."""
    _move(source, [State.MATCHING, State.CHECKING, State.CHECKED, State.RUNNING], State.CANCELLED)


def check_import(import_id: UUID) -> None:
    """Go through the file as the run would, count, and collect what is wrong. Safe to run twice."""
    source = Import.objects.filter(pk=import_id, state=State.CHECKING).first()
    if source is None:
        return
    try:
        with keeping.opened(source.file) as file:
            counts = _check(source, file)
    except progress.Cancelled:
        return
    except DomainError as error:
        finish(source, State.FAILED, message=error.detail)
        return
    finish(source, State.CHECKED, **counts)


def finish(source: Import, state: str, **values: Any) -> bool:
    """Leave the state in which the task worked. False: somebody else had moved it."""
    progress.clear(source)
    return bool(Import.objects.filter(pk=source.pk, state=source.state).update(state=state, **values))


def planned(source: Import, found: Iterable[Record]) -> Iterator[list[Step]]:
    """The plan for the rows of the file. Raises Unreadable, and Cancelled between the lots."""
    checker = Checker(source.mapping, CustomField.objects.all())
    done = 0
    for lot in steps(found, checker, source.duplicates):
        yield lot
        done += len(lot)
        progress.tell(source, done)


def _check(source: Import, file: BinaryIO) -> dict[str, Any]:
    counts: dict[str, Any] = {"rows": 0, "errors": [], **dict.fromkeys(COUNTS.values(), 0)}
    refused: dict[int, str] = {}
    if source.kind in ROW_KINDS:
        found, refused = rowwise.check(source, file)
        counts |= found
    else:
        keeping.drop(source.records_file)
        with tempfile.TemporaryFile() as written:
            for step in chain.from_iterable(planned(source, records.read(source, file, written))):
                counts["rows"] += 1
                counts[COUNTS[step.action]] += 1
                if step.action == "refuse":
                    refused[step.record.number] = " ".join(step.record.errors)
            counts["records_file"] = records.keep(written)
    counts["errors"] = list(refused.items())[:FIRST_ERRORS]
    keeping.drop(source.errors_file)
    counts["errors_file"] = _errors_file(source, file, refused) if refused else ""
    return counts


def _errors_file(source: Import, file: BinaryIO, refused: dict[int, str]) -> str:
    """The user's own rows that were refused, with what is wrong with each in a last column."""
    reading = sheets.Reading(**source.reading)

    def lines() -> Iterator[list[str]]:
        width = max(map(len, source.head), default=0)
        for number, cells in enumerate(sheets.rows(file, reading), start=1):
            why = refused.get(number, _("Error") if reading.has_header and number == reading.skip + 1 else "")
            if why:
                width = max(width, len(cells))
                yield [*cells, *[""] * (width - len(cells)), why]

    with tempfile.TemporaryFile() as target:
        if reading.kind == "xlsx":
            writing.write_xlsx(target, lines())
        else:
            target.writelines(writing.csv_lines(lines(), language=get_language() or ""))
        target.seek(0)
        return keeping.keep("imports", f"errors.{reading.kind}", target)


def _move(source: Import, states: Collection[str], to: str, **values: Any) -> None:
    if not Import.objects.filter(pk=source.pk, state__in=states).update(state=to, **values):
        raise NotNow
    source.state = to


def _remembered(fingerprint: str) -> dict[str, str]:
    """The columns that were chosen the last time such a file came in."""
    if not fingerprint:
        return {}
    known = Import.objects.filter(fingerprint=fingerprint).exclude(state=State.MATCHING).order_by("-created_at")
    return known.values_list("mapping", flat=True).first() or {}
