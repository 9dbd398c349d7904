"""`manage.py billing`: compare with the payment gateways."""

from __future__ import annotations

from typing import Annotated

from django_typer.management import TyperCommand, command, initialize
from typer import Exit, Option

from billing import clock
from billing.webhooks.reconciliation import reconcile


class Command(TyperCommand, help="What organizations pay the platform."):
    @initialize()
    def init(self) -> None:
        """Keeps `reconcile` a command of its own beside others to come."""

    @command("reconcile", help="Find what webhooks never said and set it right. Safe at any time.")
    def reconcile_(
        self, dry_run: Annotated[bool, Option("--dry-run", help="Say what differs, and change nothing.")] = False
    ) -> None:
        found = reconcile(now=clock.now(), dry_run=dry_run)
        for one in found:
            self.stdout.write(f"{one.kind:<8} {one.gateway:<8} {one.id}  {one.what}")
        differs = sum(one.kind == "differs" for one in found)
        done = "would be set right" if dry_run else "set right"
        self.stdout.write(f"{differs} {done}, {len(found) - differs} for somebody to look at.")
        if any(one.kind != "differs" for one in found):
            raise Exit(1)
