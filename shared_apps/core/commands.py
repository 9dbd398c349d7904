"""The base of our own manage.py commands."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from django.utils import translation
from django_typer.management import TyperCommand
from typer._click.exceptions import UsageError  # the one that typer parses with

__all__ = ["OperatorCommand", "UsageError"]


class OperatorCommand(TyperCommand):
    """Speaks English, like the code. Wrong usage is one line on standard error and exit code 2, as everywhere else."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with translation.override(None):
            return super().execute(*args, **options)  # type: ignore[no-untyped-call]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if isinstance(error, UsageError) and getattr(self, "_called_from_command_line", False) and not self._traceback:
            super().__exit__(None, None, None)  # type: ignore[no-untyped-call]
            if error.ctx is not None:
                self.stderr.write(error.ctx.get_usage())
                self.stderr.write(f"See: {error.ctx.command_path} --help")
            self.stderr.write(f"Error: {error.format_message()}")
            sys.exit(2)
        return super().__exit__(kind, error, traceback)  # type: ignore[no-untyped-call]
