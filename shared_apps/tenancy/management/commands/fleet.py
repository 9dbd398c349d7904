"""`manage.py fleet status | migrate | verify | pool`: all schemas at a glance, and to head.

Exit codes: 0 done, 1 some failed (or are behind, or differ), 2 usage, 130 interrupted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from django_typer.management import command

from shared_apps.core.commands import OperatorCommand
from shared_apps.tenancy.fleet import display
from shared_apps.tenancy.fleet.signals import sigterm_as_interrupt

Json = Annotated[bool, typer.Option("--json", help="Report as JSON on standard output.")]


def rising(text: str) -> str:
    """Check `10,50`. Raises typer.BadParameter, which exits with 2."""
    try:
        found = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        found = [0]
    if found != sorted(found) or not all(0 < percent <= 100 for percent in found):
        raise typer.BadParameter(_("“%(text)s” is not a rising list of percentages.") % {"text": text})
    return text


class Command(OperatorCommand):
    help = "The fleet of organizations' schemas: who is behind, migrate, verify, pool."
    requires_system_checks: list[str] = []

    @command(help="How many schemas are at head, and what went wrong last.")
    def status(self, as_json: Json = False) -> None:
        from shared_apps.tenancy.fleet import status

        found = status.look()
        if as_json:
            self.echo(json.dumps(found.as_json(), default=str))
        else:
            for line in found.lines():
                self.echo(line)
        if found.needs_attention:
            raise typer.Exit(1)

    @command(help="Bring the template and every schema that is behind to head (public is `manage.py migrate`'s).")
    def migrate(
        self,
        schema: Annotated[list[str] | None, typer.Option(help="Only this schema; may be repeated.")] = None,
        only_failed: Annotated[bool, typer.Option("--only-failed", help="Only those that failed.")] = False,
        canary: Annotated[
            list[str] | None, typer.Option(help="How many schemas go first, or the name of one; may be repeated.")
        ] = None,
        waves: Annotated[
            str, typer.Option(callback=rising, help="Cumulated percentages for the rest, such as 10,50.")
        ] = "",
        max_failures: Annotated[
            int | None, typer.Option(min=0, max=100, help="Stop after a wave in which more percent than this fail.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        from shared_apps.tenancy.fleet import runner

        chosen: dict[str, Any] = {"only_failed": only_failed, "schemas": tuple(schema) if schema else None}
        if canary and len(canary) == 1 and canary[0].isdecimal():
            chosen["canary_count"] = int(canary[0])
        elif canary:
            chosen["canaries"] = tuple(canary)
        if waves:
            chosen["waves"] = tuple(int(percent) for percent in waves.split(","))
        if max_failures is not None:
            chosen["max_failures"] = max_failures
        with sigterm_as_interrupt(), display.bar(_("Schemas"), shown=not as_json) as advance:
            report = runner.migrate(runner.Options(**chosen), progress=display.of_outcome(advance))
        if as_json:
            self.echo(json.dumps(report.as_json()))
        else:
            for line in report.lines():
                self.echo(line)
        raise typer.Exit(report.exit_code)

    @command(help="Compare every schema with its stamp and with the template's structure; put wrong stamps right.")
    def verify(
        self,
        repair: Annotated[bool, typer.Option(help="Put wrong stamps right.")] = True,
        structure: Annotated[bool, typer.Option(help="Compare the structure too.")] = True,
        as_json: Json = False,
    ) -> None:
        from shared_apps.tenancy.fleet.verify import verify

        with display.bar(_("Schemas"), shown=not as_json) as advance:
            findings = verify(repair=repair, structure=structure, progress=advance)
        if as_json:
            self.echo(json.dumps([asdict(finding) for finding in findings]))
        else:
            for finding in findings:
                self.echo(f"{finding.schema}: {finding.problem}" + (_(" (repaired)") if finding.repaired else ""))
            self.echo(_("%(n)d problems found.") % {"n": len(findings)})
        if any(not finding.repaired for finding in findings):
            raise typer.Exit(1)

    @command(help="The pool of ready schemas; with --refill, fill it up.")
    def pool(
        self,
        refill: Annotated[bool, typer.Option("--refill", help="Make what is missing.")] = False,
        as_json: Json = False,
    ) -> None:
        from shared_apps.tenancy import pool

        if refill:
            with display.bar(_("Pool"), shown=not as_json) as advance:
                pool.refill(progress=advance)
        found = pool.status()
        facts = asdict(found) if is_dataclass(found) else found._asdict()
        self.echo(json.dumps(facts) if as_json else "\n".join(f"{name}: {value}" for name, value in facts.items()))
