"""Making a schema ready for an organization: claimed from the pool, else cloned, else migrated from nothing.

Whatever happens, a schema is ready or it is not there for anybody. Claim and clone are one transaction each. The slow
way spans many; until it ends the registry says `building`, and the next call or `recover()` drops what it left and
starts anew. An advisory lock per schema keeps two processes from working on one.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from django.db import DatabaseError, IntegrityError, connection, transaction

from shared_apps.tenancy import clone, context, deletion, locks, names, pool, registry, steps, template
from shared_apps.tenancy.ddl import Script, UnsupportedObject
from shared_apps.tenancy.direct import commit_lazily
from shared_apps.tenancy.executor import migrate_schema
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import ProvisionStep, Schema
from shared_apps.tenancy.names import SchemaNameTaken, is_taken, quote
from shared_apps.tenancy.steps import Progress, progress

__all__ = ["Method", "Progress", "SchemaNameTaken", "is_taken", "migrate_schema", "progress", "provision", "recover"]

logger = logging.getLogger(__name__)
Step = ProvisionStep.Step
State = ProvisionStep.State


class Method(StrEnum):
    """How a schema came to be."""

    EXISTING = "existing"
    POOL = "pool"
    CLONE = "clone"
    MIGRATIONS = "migrations"


class SchemaLost(RuntimeError):
    """The registry calls a schema ready, but the database has none of that name: somebody dropped it by hand."""


def provision(schema: str, *, kind: str = Schema.Kind.ORGANIZATION) -> Method:
    """Make `schema` exist, at head, verified and ready. Safe to run again, also after a crash at any point.

    Raises SchemaNameTaken, ValueError for a name the engine would never make, SchemaLost, and what the hook or the
    database raised when even plain migrations did not work; the registry keeps that error and the next call retries.
    """
    names.check(schema)
    with context.public():
        if kind == Schema.Kind.ORGANIZATION and _claim_at_once(schema):
            return Method.POOL
        try:
            opened = _open(schema, kind)
        except IntegrityError:  # a claim of this very name, which holds no lock, was about to commit
            opened = _open(schema, kind)
        if isinstance(opened, Method):
            return opened
        try:
            return _clone(schema, kind, opened) or _migrate(schema, kind)
        except Exception as error:
            if not connection.in_atomic_block:  # inside one, the caller's rollback takes the row away with the rest
                unfinished = Schema.objects.filter(name=schema, state=Schema.State.BUILDING)
                unfinished.update(error=f"{type(error).__name__}: {error}")
            raise


def recover() -> dict[str, str]:
    """Finish or undo what crashed processes left; returns what was done by schema. A periodic job calls it.

    Organizations' schemas are provisioned again, schemas in the trash dropped, a broken template rebuilt. Schemas
    somebody is working on right now are left to them. One failure does not stop the rest.
    """
    done: dict[str, str] = {}
    with context.public():
        for name in Schema.objects.filter(kind=Schema.Kind.ORGANIZATION, state=Schema.State.BUILDING).values_list(
            "name", flat=True
        ):
            if not _is_busy(name):
                try:
                    done[name] = provision(name)
                except Exception as error:
                    logger.exception("Provisioning %s failed again.", name)
                    done[name] = f"failed: {error}"
        if Schema.objects.filter(name=names.TEMPLATE, state__in=[Schema.State.FAILED, Schema.State.BUILDING]).exists():
            template.ensure()
            done[names.TEMPLATE] = "rebuilt"
        done |= dict.fromkeys(deletion.drop_retired(), "dropped")
    return done


def _claim_at_once(schema: str) -> bool:
    """Claim for a name that nothing is known of, without a lock. Whoever else wants it makes this fail, not err."""
    try:
        return pool.claim(schema)
    except DatabaseError:
        return False  # `_open` waits for the other and says what is the matter


def _open(schema: str, kind: str) -> Method | ProvisionStep:
    """Claim from the pool, or note that the schema is being made and return the clone step. One transaction."""
    with transaction.atomic():
        commit_lazily()
        locks.take(schema)
        known = registry.look(schema)
        if known.used_up or known.state == Schema.State.DROPPING or (known.state is None and known.exists):
            raise SchemaNameTaken(name=schema)
        if known.state not in (None, Schema.State.BUILDING):
            if not known.exists:
                raise SchemaLost(f"The registry calls {schema!r} {known.state}, but it is not in the database.")
            return Method.EXISTING
        if not known.is_half_made:
            if known.state is not None:  # a process died before it made anything
                steps.close_interrupted(schema)
                Schema.objects.filter(name=schema).delete()
                if kind == Schema.Kind.ORGANIZATION and pool.claim(schema):
                    return Method.POOL
            Schema(name=schema, kind=kind).save(force_insert=True)
            return steps.begin(schema, Step.CLONE, skipped=Step.CLAIM)
    _clear_half_made(schema)
    return _open(schema, kind)


def _clear_half_made(schema: str) -> None:
    with locks.held(schema):
        if registry.look(schema).is_half_made:  # still, now that nobody else can be at it
            deletion.empty(schema)


def _clone(schema: str, kind: str, step: ProvisionStep) -> Method | None:
    """Replay the template; None when that is not possible and the slow way has to do."""
    try:
        script = template.script()
    except (template.TemplateNotReady, UnsupportedObject) as reason:
        logger.warning("%s cannot be cloned: %s", schema, reason)
        steps.finish(step, State.SKIPPED, reason)
        return None
    try:
        return _clone_once(schema, kind, step, script)
    except clone.HookFailed as error:
        steps.finish(step, State.FAILED, error.__cause__)
        raise
    except (clone.StructureDiffers, DatabaseError) as error:
        logger.exception("Cloning %s failed.", schema)
        steps.finish(step, State.FAILED, error)
        return None


def _clone_once(schema: str, kind: str, step: ProvisionStep, script: Script) -> Method:
    with transaction.atomic():
        commit_lazily()
        locks.take(schema)
        if registry.look(schema).state != Schema.State.BUILDING:  # another process was faster
            steps.finish(step, State.SKIPPED)
            return Method.EXISTING
        clone.clone(schema, script, kind=kind)
        steps.finish(step)
    return Method.CLONE


def _migrate(schema: str, kind: str) -> Method:
    with locks.held(schema):
        known = registry.look(schema)
        if known.state != Schema.State.BUILDING:
            return Method.EXISTING
        if known.exists:
            deletion.empty(schema)
        with steps.step(schema, Step.MIGRATE):
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {quote(schema)}")
            migrate_schema(schema)
        with steps.step(schema, Step.VERIFY):
            structure = clone.verify(schema, template.reference())
        with steps.step(schema, Step.HOOK):
            clone.after_create(schema)
        clone.register(schema, kind=kind, head=current_head(), structure=structure)
    return Method.MIGRATIONS


def _is_busy(schema: str) -> bool:
    with transaction.atomic():
        return not locks.try_take(schema)
