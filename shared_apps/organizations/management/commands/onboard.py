"""`manage.py onboard`: open an organization, or many from a file."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

from rich.console import Console
from rich.progress import track
from rich.text import Text
from typer import Argument, Option

from shared_apps.core.commands import UsageError
from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations import enrolment, onboarding, spreadsheet
from shared_apps.organizations.enrolment import Enrolment, SignIn
from shared_apps.organizations.management.presentation import (
    REFUSED,
    OrganizationCommand,
    listing,
    pairs,
    reason_of,
    refusal_of,
)


class Command(OrganizationCommand):
    help = "Open an organization: its rows, its schema, its owner. Running it again changes nothing."

    def handle(
        self,
        slug: Annotated[str, Argument(help="Its address: acme answers on acme.<platform domain>.")] = "",
        name: Annotated[str, Option(help="What people call it.")] = "",
        owner: Annotated[str, Option(help="The owner's e-mail address; a user is made when there is none.")] = "",
        legal_name: Annotated[str, Option(help="As in its registration.")] = "",
        document: Annotated[str, Option(help="CPF or CNPJ, with or without punctuation.")] = "",
        timezone: Annotated[str, Option(help="Its time zone.")] = "America/Sao_Paulo",
        locale: Annotated[str, Option(help="Its language.")] = "pt-br",
        password_stdin: Annotated[
            bool, Option("--password-stdin", help="Read a new owner's password from standard input, not make one up.")
        ] = False,
        demo: Annotated[
            bool, Option("--demo", help="Fill it with made-up data, with sign-ins for three roles.")
        ] = False,
        as_json: Annotated[bool, Option("--json", help="Answer in JSON.")] = False,
        from_file: Annotated[
            Path | None,
            Option(
                exists=True, dir_okay=False, help="A CSV file with the columns slug, name, owner, for many at once."
            ),
        ] = None,
    ) -> None:
        if from_file is not None:
            if slug or name or owner or password_stdin or demo or document or legal_name:
                raise UsageError("--from-file goes with --timezone, --locale and --json only.")
            self.open_many(from_file, {"timezone": timezone, "locale": locale}, as_json=as_json)
            return
        missing = [label for label, value in {"SLUG": slug, "--name": name, "--owner": owner}.items() if not value]
        if missing:
            raise UsageError(f"Give {', '.join(missing)}, or --from-file.")
        details = {"legal_name": legal_name, "document": document, "timezone": timezone, "locale": locale}
        began = time.perf_counter()
        try:
            password = _read_password() if password_stdin else ""
            done = enrolment.enrol(
                slug=slug, name=name, owner_email=owner, password=password, is_demo=demo, details=details
            )
        except DomainError as error:
            self.refuse(error, as_json=as_json)
        seconds = time.perf_counter() - began
        if as_json:
            self.show_json(described(done, seconds))
        else:
            self.report(done, seconds)

    def report(self, done: Enrolment, seconds: float) -> None:
        organization = done.organization
        if done.opened:
            headline = Text(f"Opened {organization.name} in {seconds:.2f} s.", style="bold green")
        elif organization.status == organization.Status.ACTIVE:
            since = f"{organization.created_at:%Y-%m-%d}"
            headline = Text(f"Nothing to do: {organization.name} has been open since {since}.", style="bold")
        else:
            headline = Text(f"Nothing to do: {organization.name} exists and is {organization.status}.", style="bold")
        self.show(headline, "", pairs({"Address": onboarding.url_of(organization.slug)}), "")
        rows: list[list[str | Text]] = [[f"  {one.role}", one.email, password_text(one)] for one in done.sign_ins]
        self.show(listing(["  Role", "E-mail", "Password"], rows))
        if any(one.is_new and one.password not in ("", enrolment.DEMO_PASSWORD) for one in done.sign_ins):
            self.show("", Text("  A password that was made up is shown this once.", style="dim"))

    def open_many(self, path: Path, defaults: dict[str, str], *, as_json: bool) -> None:
        """One line of the file after the other; a refused one does not stop the rest."""
        try:
            rows = spreadsheet.read(path.read_bytes())
        except spreadsheet.Unreadable as error:
            raise UsageError(f"{path}: {error}") from error
        reports: list[dict[str, Any]] = []
        console = Console(stderr=True)
        for row in track(
            rows, "Opening organizations", console=console, transient=True, disable=not console.is_terminal
        ):
            reports.append(self.open_one(row, defaults))
            if not as_json:
                self.show(one_line(reports[-1]))
        if as_json:
            self.show_json(reports)
        else:
            counts = {
                word: sum(report["status"] == word for report in reports) for word in ("opened", "existing", "refused")
            }
            self.show("", Text(", ".join(f"{count} {word}" for word, count in counts.items()) + ".", style="bold"))
        if any(report["status"] == "refused" for report in reports):
            raise SystemExit(REFUSED)

    def open_one(self, row: spreadsheet.Row, defaults: dict[str, str]) -> dict[str, Any]:
        began = time.perf_counter()
        fields = defaults | row.fields
        try:
            done = enrolment.enrol(
                slug=fields.pop("slug"), name=fields.pop("name"), owner_email=fields.pop("owner"), details=fields
            )
        except DomainError as error:
            return {"line": row.line, "slug": row.fields["slug"], **refusal_of(error), "text": reason_of(error)}
        return {"line": row.line, **described(done, time.perf_counter() - began)}


def described(done: Enrolment, seconds: float) -> dict[str, Any]:
    """The answer for programs."""
    organization = done.organization
    return {
        "status": "opened" if done.opened else "existing",
        "slug": organization.slug,
        "id": str(organization.pk),
        "name": organization.name,
        "state": organization.status,
        "schema": organization.schema_name,
        "url": onboarding.url_of(organization.slug),
        "seconds": round(seconds, 3),
        "sign_ins": [{"role": one.role, "email": one.email, "password": one.password or None} for one in done.sign_ins],
    }


def one_line(report: dict[str, Any]) -> Text:
    line = Text(f"line {report['line']:<5} {report['slug']:<24} ")
    if report["status"] == "refused":
        return line.append("refused   ", style="red").append(report["text"])
    line.append(f"{report['status']:<10}", style="green" if report["status"] == "opened" else "dim")
    line.append(f"{report['seconds']:.2f} s  ", style="dim")
    told = "  ".join(f"{one['email']} {one['password']}" for one in report["sign_ins"] if one["password"])
    return line.append(told)


def password_text(one: SignIn) -> Text:
    return Text(one.password) if one.password else Text("as given" if one.is_new else "unchanged", style="dim")


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise FieldError("password", "There is none on standard input.", "required")
    return password
