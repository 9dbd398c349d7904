"""A schema made by replaying the template's script: the same statements in the same order, so at the same cost,
however many schemas there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from shared_apps.tenancy import catalogue, checksum, context
from shared_apps.tenancy.ddl import Script
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE, quote


class StructureDiffers(Exception):
    """A schema is not what the template says it should be. The message shows the first differences."""


class HookFailed(Exception):
    """TENANCY_AFTER_CREATE raised; its exception is the cause."""


def clone(schema: str, script: Script, *, kind: str) -> None:
    """Make and register `schema`, verified and ready, in one transaction: all of it happens or nothing.

    Raises StructureDiffers, HookFailed, or what the database says.
    """
    with context.public(), transaction.atomic():
        replay(schema, script.statements)
        verify(schema, script.checksum)
        after_create(schema)
        register(schema, kind=kind, head=script.head, structure=script.checksum)


def replay(schema: str, statements: Iterable[str]) -> None:
    """Create the schema and run the statements in it, one by one at top level, inside the current transaction.

    Past Django's cursors: their bookkeeping per statement would be a tenth of the whole.
    """
    with context.enter(schema, with_public=False), connection.wrap_database_errors:
        wrapper = cast(Any, connection)
        wrapper.ensure_path()
        cursor = wrapper.connection.cursor()
        cursor.execute(f"CREATE SCHEMA {quote(schema)}", prepare=False)
        for statement in statements:
            cursor.execute(statement, prepare=False)


def verify(schema: str, expected: str | None) -> str:
    """The schema's checksum. Raises StructureDiffers unless it is the expected one (None: nothing to compare with)."""
    found = catalogue.read(schema)
    structure = checksum.of_catalogue(found)
    if expected is not None and structure != expected:
        different = checksum.difference(catalogue.read(TEMPLATE), found)
        raise StructureDiffers(f"{schema} is not like the template: " + "; ".join(different))
    return structure


def after_create(schema: str) -> None:
    """Call the operator's hook, in the transaction that made the schema where there is one."""
    if settings.TENANCY_AFTER_CREATE:
        hook = import_string(settings.TENANCY_AFTER_CREATE)
        try:
            with context.public():
                hook(schema)
        except Exception as error:
            raise HookFailed(f"{settings.TENANCY_AFTER_CREATE}({schema!r}) failed: {error}") from error


def register(schema: str, *, kind: str, head: str, structure: str) -> None:
    """Write the registry's row: ready, at this head, of this structure."""
    with context.public():
        Schema.objects.update_or_create(
            name=schema,
            defaults={
                "kind": kind,
                "state": Schema.State.READY,
                "head": head,
                "checksum": structure,
                "error": "",
                "verified_at": timezone.now(),
            },
        )
