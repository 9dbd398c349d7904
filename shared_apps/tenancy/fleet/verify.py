"""Are the registry's stamps true, and are all schemas built alike?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from shared_apps.tenancy import checksum, context, routing, template
from shared_apps.tenancy.fleet import plan, truth
from shared_apps.tenancy.fleet.detect import KINDS, STATES
from shared_apps.tenancy.fleet.graph import ScopedLoader
from shared_apps.tenancy.fleet.plan import Applied
from shared_apps.tenancy.head import current_head, tenant_labels
from shared_apps.tenancy.models import Schema

MISSING = "the schema does not exist, or keeps no record of its migrations"
WRONG_STAMP = "its stamp was not what its migrations say"
OTHER_STRUCTURE = "its structure is not the template's"


@dataclass(frozen=True, slots=True)
class Finding:
    schema: str
    problem: str
    repaired: bool = False


def verify(
    *, repair: bool = True, structure: bool = True, progress: Callable[[int, int], None] | None = None
) -> list[Finding]:
    """Compare every schema with the registry and, at head, with the template. Returns what is not as it should be.

    With `repair`, wrong stamps are put right (a schema that lacks a migration then counts as behind). A structure that
    differs is only reported: which of the two is right takes a person.
    """
    with context.public():
        found = Schema.objects.filter(kind__in=KINDS, state__in=STATES).order_by("name").values_list("name", "head")
        stamps = dict(found)
    reference = template.reference() if structure else None
    findings: list[Finding] = []
    true_stamps: dict[Applied, str] = {}
    for number, (name, applied) in enumerate(truth.applied(list(stamps)), start=1):
        if applied is not None and applied not in true_stamps:
            true_stamps[applied] = plan.true_stamp(applied, ScopedLoader(None, labels=tenant_labels(), applied=applied))
        findings += _stamp(name, stamps[name], true_stamps.get(applied) if applied is not None else None, repair)
        if applied is not None and reference is not None:
            findings += _structure(name, reference)
        if progress:
            progress(number, len(stamps))
    return findings


def _stamp(name: str, stamp: str, true: str | None, repair: bool) -> Iterator[Finding]:
    if true is None:
        if repair:
            _update(name, stamp, state=Schema.State.FAILED, error=MISSING)
        yield Finding(name, MISSING)
        return
    if true != stamp:
        repaired = repair and _update(name, stamp, head=true)
        if repaired:
            routing.forget(schema=name)
        yield Finding(name, WRONG_STAMP, repaired)


def _structure(name: str, reference: str) -> Iterator[Finding]:
    with context.public():
        if not Schema.objects.filter(name=name, head=current_head()).exists():
            return  # it will be compared once it is at head
        actual = checksum.of(name)
        Schema.objects.filter(name=name).update(checksum=actual, verified_at=timezone.now())
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # its backend has touched one more schema
    if actual != reference:
        yield Finding(name, OTHER_STRUCTURE)


def _update(name: str, stamp: str, **values: object) -> bool:
    """Change the row, unless somebody moved the schema since we looked."""
    with context.public():
        return bool(Schema.objects.filter(name=name, head=stamp).update(**values, updated_at=timezone.now()))
