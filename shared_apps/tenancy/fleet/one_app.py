"""One tenant app to one of its migrations, forwards or back, in every schema: by Django, one schema after the other.

Rare and deliberate, so it is plain rather than fast. The template goes first: what cannot be taken back fails there.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import AmbiguityError

from shared_apps.tenancy import context, locks, routing
from shared_apps.tenancy.fleet import plan, truth
from shared_apps.tenancy.fleet.detect import KINDS, STATES
from shared_apps.tenancy.fleet.graph import ScopedExecutor, ScopedLoader
from shared_apps.tenancy.fleet.mover import describe
from shared_apps.tenancy.fleet.recorder import RecordingExecutor
from shared_apps.tenancy.head import Key, tenant_labels
from shared_apps.tenancy.models import Schema
from shared_apps.tenancy.names import TEMPLATE

Target = tuple[str, str | None]  # app label, migration name; None: before the first


def migrate(label: str, name: str | None, *, fake: bool, tell: Callable[[str], object]) -> dict[str, str]:
    """Take the app to that migration everywhere; returns the error of each schema that failed.

    Raises CommandError for a name that names no migration, and whatever the template's migration raises.
    """
    targets = _targets(label, name)
    with context.public():
        organizations = Schema.objects.filter(kind__in=KINDS, state__in=STATES).order_by("name")
        names = list(organizations.values_list("name", flat=True))
        if Schema.objects.filter(name=TEMPLATE, state=Schema.State.READY).exists():
            _one(TEMPLATE, targets, fake)
            tell(f"  {TEMPLATE}: OK")
    failed: dict[str, str] = {}
    for schema in names:
        try:
            _one(schema, targets, fake)
        except Exception as error:  # noqa: BLE001 - one schema's failure is its own
            failed[schema] = describe(error)
        tell(f"  {schema}: {failed.get(schema, 'OK')}")
    return failed


def _targets(label: str, name: str | None) -> list[Target]:
    loader = ScopedLoader(None, labels=tenant_labels(), applied=())
    if name is None:
        return [key for key in loader.graph.leaf_nodes() if key[0] == label]
    if name == "zero":
        return [(label, None)]
    try:
        return [(label, loader.get_migration_by_prefix(label, name).name)]
    except AmbiguityError as error:
        raise CommandError(str(error)) from error
    except KeyError as error:
        raise CommandError(f"Cannot find a migration matching '{name}' from app '{label}'.") from error


def _one(schema: str, targets: list[Target], fake: bool) -> None:
    with locks.held(schema):
        _stamp(schema, "")  # until the true one is written the schema counts as behind, whatever happens here
        with context.enter(schema):
            executor = (RecordingExecutor if schema == TEMPLATE else ScopedExecutor)(connection)
            executor.migrate([_known(executor.loader, target) for target in targets], fake=fake)
        _stamp(schema, plan.true_stamp(truth.applied_in(schema) or frozenset(), executor.loader))
    routing.forget(schema=schema)
    connection.close_if_unusable_or_obsolete()


def _known(loader: ScopedLoader, target: Target) -> Target | Key:
    """A squashed migration that is only partly applied is not in the graph; its last part stands for it."""
    if target[1] is not None and target not in loader.graph.nodes and target in loader.replacements:
        return loader.replacements[target].replaces[-1]
    return target


def _stamp(schema: str, head: str) -> None:
    with context.public():
        Schema.objects.filter(name=schema).update(head=head)
