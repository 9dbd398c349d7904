"""`manage.py jobs list | status | run | retry`: what runs in the background, how it went, and by hand.

Exit codes: 0 done, 1 refused or failed (or something needs attention), 2 usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer
from django.utils import timezone
from django.utils.translation import gettext as _
from django_typer.management import TyperCommand, command

Json = Annotated[bool, typer.Option("--json", help="Report as JSON on standard output.")]


class Command(TyperCommand):
    help = "Background jobs: list, status, run, retry."

    @command(name="list", help="Every declared job: its name, where it runs and when.")
    def list_jobs(self, as_json: Json = False) -> None:
        from shared_apps.tenancy.jobs import registry, report

        rows = [{"job": job.name, "runs in": str(job.kind), "when": report.when(job)} for job in registry.all_jobs()]
        self.show(rows, as_json)

    @command(help="Periodic jobs of one organization (or of all): next, last, how late, and what went wrong.")
    def status(
        self,
        slug: Annotated[str | None, typer.Argument(help="An organization's address.")] = None,
        as_json: Json = False,
    ) -> None:
        from shared_apps.tenancy.jobs import report

        schema = self.schema_of(slug) if slug else None
        standings, trouble = report.standings(schema, now=timezone.now()), report.trouble(schema)
        if as_json:
            self.echo(json.dumps({"jobs": [asdict(row) for row in standings], **asdict(trouble)}, default=str))
        else:
            self.show([_row(asdict(row)) for row in standings], as_json)
            counts = {"waiting": trouble.waiting, "refused": trouble.refused, "failed": len(trouble.failed)}
            self.echo("\n" + _("Waiting: %(waiting)d. Refused: %(refused)d. Given up: %(failed)d.") % counts)
            for job_id, name, where, error in trouble.failed:
                self.echo(f"{job_id}  {name}  {where}  {error}")
        if trouble.failed or any(row.state == "failed" for row in standings):
            raise typer.Exit(1)

    @command(help="Run a job now, in this process: an organization's by its address, a platform job without one.")
    def run(
        self,
        name: str,
        slug: Annotated[str | None, typer.Argument(help="An organization's address.")] = None,
        arguments: Annotated[str, typer.Option(help="The job's arguments as a JSON object.")] = "{}",
    ) -> None:
        from shared_apps.tenancy.jobs import byhand
        from shared_apps.tenancy.jobs.admission import NotReady, Refused
        from shared_apps.tenancy.jobs.registry import UnknownJob

        try:
            given = json.loads(arguments)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--arguments") from error
        if not isinstance(given, dict):
            raise typer.BadParameter(_("a JSON object is needed"), param_hint="--arguments")
        schema = self.schema_of(slug) if slug else None
        try:
            seconds = byhand.run(name, schema, given, now=timezone.now())
        except (UnknownJob, Refused, NotReady, byhand.WrongPlace) as refusal:
            self.refuse(str(refusal.args[0]))
        except TypeError as error:
            raise typer.BadParameter(str(error), param_hint="--arguments") from error
        self.echo(_("%(job)s: done in %(seconds).2f s.") % {"job": name, "seconds": seconds})

    @command(help="Send a job again that was given up; `status` shows the ids.")
    def retry(self, job_id: UUID) -> None:
        from shared_apps.tenancy.jobs import queueing

        if not queueing.retry(job_id, now=timezone.now()):
            self.refuse(_("No job that was given up has the id %(id)s.") % {"id": job_id})
        self.echo(_("Sent."))

    def schema_of(self, slug: str) -> str:
        from django_tenants.utils import get_tenant_model

        schema = get_tenant_model().objects.filter(slug=slug).values_list("schema_name", flat=True).first()
        if schema is None:
            self.refuse(_("There is no organization %(slug)s.") % {"slug": slug})
        return str(schema)

    def refuse(self, reason: str) -> None:
        self.secho(reason, err=True)
        raise typer.Exit(1)

    def show(self, rows: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            self.echo(json.dumps(rows, default=str))
            return
        if not rows:
            self.echo(_("Nothing yet."))
            return
        cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            self.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _row(standing: dict[str, Any]) -> dict[str, Any]:
    """A line of `status`: times to the minute in UTC, nothing where there is nothing."""

    def minute(name: str) -> str:
        return f"{standing[name]:%Y-%m-%d %H:%M}" if standing[name] else "-"

    return {
        "organization": standing["schema"],
        "job": standing["job"],
        "due": "running" if standing["running"] else minute("due_at"),
        "last done": minute("last_success"),
        "state": standing["state"] or "-",
        "late by": f"{standing['lateness']:.0f} s" if standing["lateness"] is not None else "-",
        "error": standing["error"].partition("\n")[0][:60] or "-",
    }
