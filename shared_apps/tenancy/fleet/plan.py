"""Which steps a schema needs, given what is applied in it. Made once for all schemas in the same position."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet.graph import ScopedLoader
from shared_apps.tenancy.head import Key, fingerprint, tenant_labels
from shared_apps.tenancy.models import MigrationScript

Applied = frozenset[Key]


@dataclass(frozen=True, slots=True)
class Step:
    """One migration in a schema, or only its book-keeping (no key: the stamp alone was wrong)."""

    key: Key | None
    records: tuple[Key, ...]  # the rows it adds to the schema's django_migrations
    statements: tuple[str, ...] | None  # None: only Django can do it
    head: str  # the stamp it leaves

    @property
    def label(self) -> str:
        return ".".join(self.key) if self.key else "(stamp)"


@dataclass(eq=False)
class Plan:
    """The steps from one set of applied migrations to head."""

    applied: Applied
    loader: ScopedLoader
    steps: Sequence[Step] = ()
    _states: dict[int, ProjectState] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def migration(self, position: int) -> Migration:
        return self.loader.graph.nodes[self.steps[position].key]

    def state_before(self, position: int) -> ProjectState:
        """The models as they are before a step: rendered once, a copy for each caller. Safe in threads."""
        with self._lock:
            if position not in self._states:
                done = self.applied.union(*(step.records for step in self.steps[:position]))
                state = ProjectState(real_apps=self.loader.unmigrated_apps)
                for key in _in_order(self.loader):
                    if key in done:
                        state = self.loader.graph.nodes[key].mutate_state(state, preserve=False)
                state.apps  # noqa: B018 - renders the models, which the copies then share
                self._states[position] = state
            return self._states[position].clone()


def build(applied: Applied) -> Plan:
    """The plan of a schema with these migrations applied."""
    loader = ScopedLoader(None, labels=tenant_labels(), applied=applied)
    pending = [key for key in _in_order(loader) if key not in loader.applied_migrations]
    with context.public():
        names = {name for _, name in pending}
        scripts = {(s.app, s.migration): s for s in MigrationScript.objects.filter(migration__in=names)}
    plan = Plan(applied, loader)
    have, steps = set(applied), []
    for key in pending:
        migration, script = loader.graph.nodes[key], scripts.get(key)
        records = _with_replacements(loader, have, [*migration.replaces, key])
        have.update(records)
        statements = tuple(script.statements) if script and script.replayable and migration.atomic else None
        steps.append(Step(key, records, statements, stamp(have, loader)))
    if not steps:
        records = _with_replacements(loader, have, [])
        have.update(records)
        steps.append(Step(None, records, (), stamp(have, loader)))
    plan.steps = steps
    return plan


def pending(applied: Applied) -> list[Migration]:
    """The migrations a schema with these applied still needs, in order."""
    loader = ScopedLoader(None, labels=tenant_labels(), applied=applied)
    return [loader.graph.nodes[key] for key in _in_order(loader) if key not in loader.applied_migrations]


def stamp(applied: Iterable[Key], loader: ScopedLoader) -> str:
    """The head of a schema with these migrations applied: what is no longer on disk does not count."""
    return fingerprint(loader.disk_migrations.keys() & set(applied))


def true_stamp(applied: Applied, loader: ScopedLoader) -> str:
    """The stamp this schema should carry. A squashed migration counts once all that it replaces is applied."""
    return stamp({*applied, *_with_replacements(loader, set(applied), [])}, loader)


def _in_order(loader: ScopedLoader) -> list[Key]:
    found: dict[Key, None] = {}
    for leaf in loader.graph.leaf_nodes():
        found.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(found)


def _with_replacements(loader: ScopedLoader, have: set[Key], new: Iterable[Key]) -> tuple[Key, ...]:
    """The new keys not recorded yet, and every squashed migration that they complete (as Django's executor does)."""
    records = list(dict.fromkeys(key for key in new if key not in have))
    known = have | set(records)
    for key, migration in loader.replacements.items():
        if key not in known and all(replaced in known for replaced in migration.replaces):
            records.append(key)
            known.add(key)
    return tuple(records)
