"""Who is behind: one query over the registry in public, however many schemas there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from shared_apps.tenancy import context
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema

KINDS = (Schema.Kind.POOL, Schema.Kind.ORGANIZATION)  # the template goes ahead of them; trash goes nowhere
STATES = (Schema.State.READY, Schema.State.MIGRATING, Schema.State.FAILED)  # one being built comes to head by itself


@dataclass(frozen=True, slots=True)
class Laggard:
    """A schema behind head, with the stamp it had when it was found."""

    name: str
    kind: str
    head: str


def behind(*, only_failed: bool = False, schemas: Iterable[str] | None = None) -> list[Laggard]:
    """Every schema that is not at this code's head, by name."""
    with context.public():
        found = Schema.objects.filter(kind__in=KINDS, state__in=STATES).exclude(head=current_head())
        if only_failed:
            found = found.filter(state=Schema.State.FAILED)
        if schemas is not None:
            found = found.filter(name__in=list(schemas))
        return [Laggard(*row) for row in found.order_by("name").values_list("name", "kind", "head")]


def counts() -> list[tuple[str, str, bool, int]]:
    """(kind, state, whether at head, how many) over the whole registry."""
    with context.public():
        rows = Schema.objects.order_by().values_list("kind", "state", "head").annotate(schemas=Count("pk"))
        found: dict[tuple[str, str, bool], int] = {}
        for kind, state, head, number in rows:
            key = (kind, state, head == current_head())
            found[key] = found.get(key, 0) + number
    return [(*key, number) for key, number in sorted(found.items())]
