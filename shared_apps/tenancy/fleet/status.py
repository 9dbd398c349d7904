"""The fleet at a glance: from the registry and the ledger alone, without a look into any schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.tenancy import context
from shared_apps.tenancy.fleet import detect
from shared_apps.tenancy.head import current_head
from shared_apps.tenancy.models import Schema

SHOWN = 20  # failures listed for people; JSON lists all


@dataclass(frozen=True, slots=True)
class Count:
    kind: str
    state: str
    at_head: bool
    schemas: int


@dataclass(frozen=True, slots=True)
class Status:
    head: str
    counts: list[Count]
    behind: int
    failed: dict[str, str]  # schema: error

    @property
    def needs_attention(self) -> bool:
        return bool(self.behind or self.failed)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> Iterator[str]:
        for count in self.counts:
            where = _("at head") if count.at_head else _("behind")
            yield f"{count.schemas:>7}  {count.kind:<12}  {count.state:<9}  {where}"
        for name, error in list(self.failed.items())[:SHOWN]:
            yield _("FAILED %(schema)s: %(error)s") % {"schema": name, "error": error.replace("\n", " ")}
        if len(self.failed) > SHOWN:
            yield _("... and %(n)d more.") % {"n": len(self.failed) - SHOWN}
        yield _("%(n)d schemas are behind head %(head)s.") % {"n": self.behind, "head": self.head[:12]}


def look() -> Status:
    with context.public():
        failed = Schema.objects.filter(state=Schema.State.FAILED).exclude(kind=Schema.Kind.TRASH).order_by("name")
        return Status(
            head=current_head(),
            counts=[Count(*row) for row in detect.counts()],
            behind=len(detect.behind()),
            failed=dict(failed.values_list("name", "error")),
        )
