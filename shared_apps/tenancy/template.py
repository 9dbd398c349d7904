"""The template: a schema kept at the head of the migrations, from which every other is copied."""

from __future__ import annotations

import logging
from typing import TypeGuard

from django.db import connection
from django.utils import timezone

from shared_apps.tenancy import checksum, context, ddl, deletion, executor, locks, registry
from shared_apps.tenancy.ddl import Script
from shared_apps.tenancy.head import current_head, tenant_migrations
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE, quote

logger = logging.getLogger(__name__)
_latest: Script | None = None  # of this process; a template that changed has another head or checksum


class TemplateNotReady(Exception):
    """There is no template at this code's head to copy from: behind, being migrated, or broken."""


def script() -> Script:
    """The script that makes a schema at head; generated once per process and template.

    A database that never had a template gets one. Raises TemplateNotReady, or UnsupportedObject when the template
    holds what the generator cannot write.
    """
    global _latest
    with context.public():
        record = Schema.objects.filter(name=TEMPLATE).first() or ensure()
    if not _is_fresh(record):
        raise TemplateNotReady(f"The template is {record.state}, at head {record.head[:8] or 'none'}. {record.error}")
    if _latest is None or (_latest.head, _latest.checksum) != (record.head, record.checksum):
        made = ddl.script(TEMPLATE, head=record.head)
        if made.checksum != record.checksum:
            _report_drift(record)
            raise TemplateNotReady("The template is not what it was when it was built.")
        _latest = made
    return _latest


def ensure() -> Schema:
    """Have the template at head: built, migrated or rebuilt as needed. Two processes do it once."""
    with context.public():
        record = Schema.objects.filter(name=TEMPLATE).first()
        if _is_fresh(record):
            return record
        with locks.held(TEMPLATE):
            record = Schema.objects.filter(name=TEMPLATE).first()
            return record if _is_fresh(record) else _bring_to_head(record)


def reference() -> str | None:
    """The checksum every schema at head must have; None while there is no template to compare with."""
    with context.public():
        record = Schema.objects.filter(name=TEMPLATE).first()
    return record.checksum if record is not None and _is_fresh(record) else None


def _is_fresh(record: Schema | None) -> TypeGuard[Schema]:
    return record is not None and record.state == Schema.State.READY and record.head == current_head()


def _bring_to_head(record: Schema | None) -> Schema:
    can_migrate = record is not None and record.state == Schema.State.READY
    # a lost registry (a flushed test database) is no reason to build again what the schema itself proves
    can_adopt = record is None and registry.look(TEMPLATE).exists and executor.applied(TEMPLATE) == tenant_migrations()
    if not can_migrate and not can_adopt:
        deletion.empty(TEMPLATE)
    building = Schema.State.MIGRATING if can_migrate else Schema.State.BUILDING
    record, _ = Schema.objects.update_or_create(
        name=TEMPLATE, defaults={"kind": Schema.Kind.TEMPLATE, "state": building, "error": ""}
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(TEMPLATE)}")
        executor.migrate_schema(TEMPLATE)
        record.checksum = checksum.of(TEMPLATE)
    except Exception as error:
        Schema.objects.filter(name=TEMPLATE).update(state=Schema.State.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    record.state, record.head, record.verified_at = Schema.State.READY, current_head(), timezone.now()
    record.save()
    return record


def _report_drift(record: Schema) -> None:
    """Mark it broken, unless it is only being migrated this moment; `ensure()` then builds it anew."""
    with context.public():
        unchanged = Schema.objects.filter(name=TEMPLATE, state=record.state, head=record.head, checksum=record.checksum)
        if unchanged.update(state=Schema.State.FAILED, error="Its structure was changed by hand."):
            logger.error("The template schema was changed by hand; it will be rebuilt.")
