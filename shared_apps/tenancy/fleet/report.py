"""What a run did: for people, for machines, and as an exit code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.tenancy.fleet.work import Outcome

DONE, SOME_FAILED, INTERRUPTED = 0, 1, 130


@dataclass(frozen=True, slots=True)
class Stage:
    label: str
    schemas: int
    failed: int
    ms: float


@dataclass
class Report:
    """Times in milliseconds. `untouched` schemas are still behind: the run stopped or was interrupted before them."""

    head: str
    template_ms: float | None = None  # None: it was at head
    total: int = 0
    migrated: int = 0
    elsewhere: int = 0
    untouched: int = 0
    retries: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    stopped_after: str | None = None
    interrupted: bool = False
    ms: float = 0
    _started: float = field(default_factory=time.monotonic)

    def take(self, outcome: Outcome, *, total: int) -> None:
        self.total, self.migrated, self.elsewhere = total, len(outcome.done), len(outcome.elsewhere)
        self.failed, self.retries = dict(sorted(outcome.failed.items())), outcome.retries
        self.untouched = total - outcome.finished

    def finish(self) -> None:
        self.ms = (time.monotonic() - self._started) * 1000

    @property
    def exit_code(self) -> int:
        if self.interrupted:
            return INTERRUPTED
        return SOME_FAILED if self.failed or self.untouched else DONE

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}

    def lines(self) -> Iterator[str]:
        """What a person wants to read."""
        if self.template_ms is not None:
            yield _("Template brought to head in %(ms)d ms.") % {"ms": self.template_ms}
        if not self.total:
            yield _("Every schema is at head.")
            return
        count = ngettext("%(n)d schema migrated", "%(n)d schemas migrated", self.migrated) % {"n": self.migrated}
        yield _("%(count)s in %(seconds).2f s.") % {"count": count, "seconds": self.ms / 1000}
        if self.elsewhere:
            yield _("%(n)d were migrated or taken away by another process meanwhile.") % {"n": self.elsewhere}
        for name, error in self.failed.items():
            yield _("FAILED %(schema)s: %(error)s") % {"schema": name, "error": error.replace("\n", " ")}
        if self.stopped_after:
            yield _("Stopped after stage “%(stage)s”: too many failures.") % {"stage": self.stopped_after}
        if self.interrupted:
            yield _("Interrupted; what was in flight was finished.")
        if self.untouched:
            yield _("%(n)d schemas were not touched. Run the same command again to go on.") % {"n": self.untouched}
        if self.failed:
            yield _("Repair the cause, then run: manage.py fleet migrate --only-failed")
