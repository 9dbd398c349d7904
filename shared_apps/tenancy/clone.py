"""A schema made by replaying the template's script: the same statements in the same order, so at the same cost,
however many schemas there are."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from shared_apps.tenancy import checksum, context
from shared_apps.tenancy.ddl import Script
from shared_apps.tenancy.direct import driver
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

    They are pipelined: each is a statement of its own to the server, but the client does not wait for it.
    """
    with context.enter(schema, with_public=False), connection.wrap_database_errors:
        raw = driver()
        with raw.pipeline(), raw.cursor() as cursor:
            for statement in (f"CREATE SCHEMA {quote(schema)}", *statements):
                cursor.execute(statement, prepare=False)


def verify(schema: str, expected: str | None) -> str:
    """The schema's checksum. Raises StructureDiffers unless it is the expected one (None: nothing to compare with)."""
    structure = checksum.of(schema)
    if expected is not None and structure != expected:
        different = "; ".join(checksum.difference(TEMPLATE, schema))
        raise StructureDiffers(f"{schema} is not like the template: {different}")
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
        Schema.objects.bulk_create(  # one statement, whether the row was there or not
            [
                Schema(
                    name=schema,
                    kind=kind,
                    state=Schema.State.READY,
                    head=head,
                    checksum=structure,
                    verified_at=timezone.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["kind", "state", "head", "checksum", "error", "verified_at", "updated_at"],
        )
