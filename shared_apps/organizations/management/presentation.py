"""What the organization commands share: exit codes, tables for people, JSON for programs."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from shared_apps.core.commands import OperatorCommand
from shared_apps.core.errors import DomainError, FieldError

REFUSED = 1
STATUS_STYLES = {
    "active": "green",
    "pending": "yellow",
    "provisioning": "yellow",
    "suspended": "yellow",
    "archived": "dim",
    "deleting": "red",
}


class OrganizationCommand(OperatorCommand):
    """Says why it refuses: exit code 0 done, 1 refused, 2 wrong usage."""

    def show(self, *what: RenderableType) -> None:
        console = Console(
            force_terminal=self.stdout.isatty(), highlight=False, markup=False, soft_wrap=not self.stdout.isatty()
        )
        with console.capture() as captured:
            console.print(*what, sep="\n")
        self.stdout.write(captured.get())

    def show_json(self, what: Any) -> None:
        self.stdout.write(json.dumps(what, indent=2, ensure_ascii=False, default=str))

    def refuse(self, error: DomainError | str, *, as_json: bool = False) -> NoReturn:
        """Say why, and end with exit code 1."""
        if as_json:
            self.show_json(refusal_of(error) if isinstance(error, DomainError) else {"reason": error})
        self.stderr.write(f"Refused: {reason_of(error) if isinstance(error, DomainError) else error}")
        raise SystemExit(REFUSED)


def reason_of(error: DomainError) -> str:
    return f"{error.field}: {error.detail}" if isinstance(error, FieldError) else error.detail


def refusal_of(error: DomainError) -> dict[str, Any]:
    return {"status": "refused", "code": error.code, "field": getattr(error, "field", None), "reason": error.detail}


def pairs(rows: dict[str, str | Text]) -> Table:
    """Labels and values, one a line."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for label, value in rows.items():
        table.add_row(f"  {label}", value)
    return table


def listing(headers: list[str], rows: list[list[str | Text]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def status_text(status: str) -> Text:
    return Text(status, style=STATUS_STYLES.get(status, ""))
