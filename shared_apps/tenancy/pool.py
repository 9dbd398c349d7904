"""The warm pool: schemas made in advance, so that a sign-up waits for a rename instead of for DDL."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q

from shared_apps.tenancy import context, deletion, locks, template
from shared_apps.tenancy.clone import clone
from shared_apps.tenancy.ddl import UnsupportedObject
from shared_apps.tenancy.direct import driver, may_commit_lazily
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE, check, quote

logger = logging.getLogger(__name__)
LOCK = "pool"

# The row changes its name with the schema. SKIP LOCKED: two claims at once see two different rows.
CLAIM = """
WITH free AS (
    SELECT name FROM tenancy_schema WHERE kind = 'pool' AND state = 'ready' AND head = %(head)s
    AND NOT EXISTS (SELECT FROM tenancy_schema WHERE name = %(name)s)
    AND NOT EXISTS (SELECT FROM tenancy_tombstone WHERE schema_name = %(name)s)
    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE tenancy_schema SET name = %(name)s, kind = 'organization', created_at = now(), updated_at = now()
    FROM free WHERE tenancy_schema.name = free.name
    RETURNING free.name
), noted AS (
    INSERT INTO tenancy_provisionstep (schema_name, step, state, error, started_at, finished_at)
    SELECT %(name)s, 'claim', 'done', '', now(), clock_timestamp() FROM claimed
)
SELECT name, CASE WHEN %(lazily)s THEN set_config('synchronous_commit', 'off', true) END FROM claimed
"""


@dataclass(frozen=True, slots=True)
class Status:
    """How the pool stands. `template` is the template's state; only schemas at head are ready."""

    target: int
    ready: int
    stale: int
    template: str
    template_at_head: bool


def claim(schema: str) -> bool:
    """Turn a pool schema into the organization's schema `schema`; False when none is free or the name is known.

    Raises DatabaseError when somebody else is making a schema of this name at this very moment, or has made one that
    the engine does not know.
    """
    check(schema)
    with context.public(), transaction.atomic(), connection.wrap_database_errors:
        raw = driver()
        wanted = {"head": current_head(), "name": schema, "lazily": may_commit_lazily()}
        row = raw.execute(CLAIM, wanted).fetchone()
        if row is None:
            return False
        raw.execute(f"ALTER SCHEMA {quote(row[0])} RENAME TO {quote(schema)}")
    return True


def refill(target: int | None = None, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Fill the pool up to `target` schemas (settings.TENANCY_POOL_SIZE); returns how many were made.

    Schemas of an earlier head go to the trash. Does nothing while another worker refills, or while the template is not
    at this code's head: during a release old and new code would otherwise throw away each other's schemas.
    `progress(made, wanted)` is called after each.
    """
    target = settings.TENANCY_POOL_SIZE if target is None else target
    with context.public(), locks.held(LOCK, wait=False) as mine:
        if not mine:
            return 0
        try:
            script = template.script()
        except (template.TemplateNotReady, UnsupportedObject) as reason:
            logger.warning("The pool is not refilled: %s", reason)
            return 0
        discard_stale()
        wanted = max(0, target - status().ready)
        for number in range(1, wanted + 1):
            clone(f"pool_{secrets.token_hex(8)}", script, kind=Schema.Kind.POOL)
            if not connection.in_atomic_block and cast(Any, connection).has_touched_too_many():
                connection.close()  # bounded memory of the backend
            if progress:
                progress(number, wanted)
    return wanted


def discard_stale() -> list[str]:
    """Send pool schemas of another head to the trash; those being claimed or migrated are left alone."""
    settled = [Schema.State.READY, Schema.State.FAILED]
    with transaction.atomic():
        stale = Schema.objects.filter(kind=Schema.Kind.POOL, state__in=settled).exclude(head=current_head())
        return [deletion.discard(schema.name) for schema in stale.select_for_update(skip_locked=True)]


def status() -> Status:
    with context.public():
        counts = Schema.objects.filter(kind=Schema.Kind.POOL).aggregate(
            ready=Count("pk", filter=Q(state=Schema.State.READY, head=current_head())), all=Count("pk")
        )
        record = Schema.objects.filter(name=TEMPLATE).first()
    return Status(
        target=settings.TENANCY_POOL_SIZE,
        ready=counts["ready"],
        stale=counts["all"] - counts["ready"],
        template=record.state if record else "missing",
        template_at_head=record is not None and record.head == current_head(),
    )
