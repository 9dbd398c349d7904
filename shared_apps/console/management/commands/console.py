"""`manage.py console`: who may open the platform owner's console."""

from __future__ import annotations

import json
import secrets
import sys
from typing import Annotated

from django_typer.management import command
from typer import Argument, Option

from shared_apps.console import staff
from shared_apps.core.commands import OperatorCommand
from shared_apps.core.errors import DomainError, FieldError

Email = Annotated[str, Argument(help="The person's e-mail address.")]


class Command(OperatorCommand, help="Let people into the console, or out of it."):
    @command(help="Let somebody in. A new person gets a password, which is shown this once.")
    def grant(
        self,
        email: Email,
        name: Annotated[str, Option(help="A new person's name.")] = "",
        password_stdin: Annotated[
            bool, Option("--password-stdin", help="Read a new person's password from standard input.")
        ] = False,
        limited: Annotated[
            bool, Option("--limited", help="Only what the person's groups in the console allow, not everything.")
        ] = False,
        demo: Annotated[
            bool, Option("--demo", help="With a second step whose secret is told (development machines only).")
        ] = False,
        as_json: Annotated[bool, Option("--json", help="Answer in JSON.")] = False,
    ) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
        try:
            done = staff.grant(email, name=name, password=password or _made_up(), everything=not limited, demo=demo)
        except DomainError as error:
            self._refuse(error)
        if as_json:
            told = {"email": done.email, "password": done.password, "secret": done.secret}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"{done.email} may open {staff.address()} after signing in there with two steps.")
        if done.password and not password:
            self.stdout.write(f"Password: {done.password}")
        if done.secret:
            self.stdout.write(f"Secret for an authenticator app: {done.secret}")

    @command(help="The code of the demo's authenticator app, for whoever has none at hand (development machines only).")
    def code(self) -> None:
        try:
            self.stdout.write(staff.demo_code())
        except DomainError as error:
            self._refuse(error)

    @command(help="Let somebody in no more. The person keeps their account and their firms.")
    def revoke(self, email: Email) -> None:
        try:
            staff.revoke(email)
        except DomainError as error:
            self._refuse(error)
        self.stdout.write(f"{email} may not open the console any more.")

    @command("list", help="Everybody who may open it.")
    def list_(self) -> None:
        for one in staff.everybody():
            steps = "two steps" if one.has_second_step else "no second step yet"
            self.stdout.write(f"{one.email}  {'everything' if one.is_superuser else 'limited'}  {steps}")

    def _refuse(self, error: DomainError) -> None:
        said = f"{error.field}: {error.detail}" if isinstance(error, FieldError) else error.detail
        self.stderr.write(f"Refused: {said}")
        sys.exit(1)


def _made_up() -> str:
    return secrets.token_urlsafe(12)
