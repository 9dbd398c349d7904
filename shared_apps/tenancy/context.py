"""Which schema is active: the one door through which it is asked and changed.

The answer lives in a ContextVar, so threads start with none and concurrent async requests never share one. The
database backend reads it whenever a statement is about to run; with nothing chosen it refuses the statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

if TYPE_CHECKING:
    from shared_apps.tenancy.routing import Route

PUBLIC = "public"
# What the engine makes. Never quoted specially by PostgreSQL ("$user" is, even inside quotes), never cut at 63 bytes.
SCHEMA_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")


class NoSchemaChosen(RuntimeError):
    """A statement was about to run, but nobody had said in which schema."""

    def __init__(self) -> None:
        super().__init__("No schema is active. Wrap the work in tenancy.enter(...) or tenancy.public().")


class WrongPath(RuntimeError):
    """The server's search path is not the active schema's: what runs next would run somewhere else."""


@dataclass(frozen=True, slots=True)
class Active:
    """What is active: a schema and, when it is an organization's and known, its route.

    `path` is the search path as SQL. Raises ValueError for a name that no schema of ours can have.
    """

    schema: str
    route: Route | None = None
    with_public: bool = True  # False only while a schema is built or migrated
    path: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if SCHEMA_NAME.fullmatch(self.schema) is None:
            raise ValueError(f"{self.schema!r} is not the name of a schema")
        behind = f', "{PUBLIC}"' if self.with_public and self.schema != PUBLIC else ""
        object.__setattr__(self, "path", f'"{self.schema}"{behind}')

    @property
    def is_public(self) -> bool:
        return self.schema == PUBLIC

    @property
    def organization_id(self) -> UUID | None:
        return self.route.organization_id if self.route else None


_active: ContextVar[Active | None] = ContextVar("tenancy_active", default=None)
_PUBLIC = Active(PUBLIC)


def active() -> Active:
    """What is active. Raises NoSchemaChosen when nothing is."""
    current = _active.get()
    if current is None:
        raise NoSchemaChosen
    return current


def active_or_none() -> Active | None:
    return _active.get()


@contextmanager
def activate(target: Active | None) -> Iterator[Active | None]:
    """Make `target` active inside the block; None means that nothing is (every statement is refused)."""
    token = _active.set(target)
    try:
        yield target
    finally:
        _active.reset(token)


@contextmanager
def public() -> Iterator[Active]:
    """Work on the public schema."""
    with activate(_PUBLIC):
        yield _PUBLIC


@contextmanager
def enter(schema: str | Route, *, with_public: bool = True) -> Iterator[Active]:
    """Work in one organization's schema, given by its route or its name; public tables stay visible behind it."""
    target = (
        Active(schema, None, with_public) if isinstance(schema, str) else Active(schema.schema, schema, with_public)
    )
    with activate(target):
        yield target


def choose(target: Active | None) -> None:
    """Set what is active for the rest of this thread or task: for process entry points and django-tenants' own API."""
    _active.set(target)


def assert_path(using: str = "default") -> None:
    """Ask the server for its search path. Raises WrongPath unless it is the active schema's; costs one statement."""
    expected = [part.strip().strip('"') for part in active().path.split(",")]
    with connections[using].cursor() as cursor:
        cursor.execute("SHOW search_path")
        found = [part.strip().strip('"') for part in cursor.fetchone()[0].split(",")]
    if found != expected:
        raise WrongPath(f"The search path is {found}, not {expected}")
