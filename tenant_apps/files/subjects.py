"""What files can hang on. The app that owns the thing registers it when it is ready; this app knows none by name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from shared_apps.core.errors import NotThere


@dataclass(frozen=True, slots=True)
class Subject:
    """`find`: the thing, or NotThere. `open`: the same, locked for a change, as the thing whose history tells of it; it
    raises what says that it is closed. `existing`: which of these are still there.
    """

    find: Callable[[UUID], models.Model]
    open: Callable[[UUID], models.Model]
    existing: Callable[[Collection[UUID]], set[UUID]]


_subjects: dict[str, Subject] = {}


def register(label: str, subject: Subject) -> None:
    """`label` as in "clients.client"."""
    _subjects[label] = subject


def of(label: str) -> Subject:
    """Raises NotThere for what nothing can hang on."""
    found = _subjects.get(label)
    if found is None:
        raise NotThere
    return found


def labels() -> list[str]:
    return sorted(_subjects)
