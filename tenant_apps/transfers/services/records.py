"""The rows of a file of clients as the check read them, kept beside it: the run need not read the file again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from tenant_apps.clients.models import CustomField
from tenant_apps.transfers import sheets
from tenant_apps.transfers.checking import Checker, Record
from tenant_apps.transfers.models import Import
from tenant_apps.transfers.services import keeping


def read(source: Import, file: BinaryIO, into: BinaryIO) -> Iterator[Record]:
    """The rows of the file; what each says is written down as well, a line of JSON, before anybody adds to it."""
    checker = Checker(source.mapping, CustomField.objects.all())
    for number, cells in sheets.filled(file, sheets.Reading(**source.reading)):
        record = checker.record(number, cells)
        into.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        yield record


def keep(written: BinaryIO) -> str:
    """Where they are kept."""
    written.seek(0)
    return keeping.keep("imports", "records.jsonl", written)


def kept(source: Import) -> Iterator[Record]:
    """What the last check read. Raises FileGone."""
    with keeping.opened(source.records_file) as lines:
        for line in lines:
            yield Record(**orjson.loads(line))
