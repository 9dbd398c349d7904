"""A progress bar with the time left, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from shared_apps.tenancy.fleet.work import Outcome

Advance = Callable[..., None]  # done, total, note=""


@contextmanager
def bar(title: str, *, shown: bool = True) -> Iterator[Advance | None]:
    """Yields a function to call now and then with how far the work is; None when there is no terminal to draw on."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    # rich takes 60 ms to import: only who watches waits for it
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None, note="")

        def advance(done: int, total: int, note: str = "") -> None:
            progress.update(task, completed=done, total=total, note=note)

        yield advance


def of_outcome(advance: Advance | None) -> Callable[[Outcome, int], None] | None:
    """The same for a run over the fleet."""
    if advance is None:
        return None

    def show(outcome: Outcome, total: int) -> None:
        notes = [_("%(n)d failed") % {"n": len(outcome.failed)}] if outcome.failed else []
        notes += [_("%(n)d retries") % {"n": outcome.retries}] if outcome.retries else []
        advance(outcome.finished, total, note=", ".join(notes))

    return show
