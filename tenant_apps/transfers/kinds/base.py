"""A kind of file whose rows are taken in one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from tenant_apps.clients import words
from tenant_apps.team.models import Member
from tenant_apps.transfers.columns import Field


@dataclass(slots=True)
class Taking:
    """What the rows of one file share: who brings them, what they made so far, what was looked up."""

    actor: Member | None
    skips_known: bool
    made: set[UUID]
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowKind:
    """`take` writes one row (field -> cell) and returns what it made, or None where it is there already; raises
    DomainError. `undo` removes one thing that an import made; False: somebody has built on it.
    """

    key: str
    title: str | Promise
    about: str | Promise
    required: str | Promise  # in words
    home: str  # where they are looked at
    icon: str
    fields: tuple[Field, ...]
    needed: tuple[str, ...]
    take: Callable[[Taking, dict[str, str]], models.Model | None]
    undo: Callable[[UUID, int], bool]

    def by_header(self, header: str) -> str:
        """The field a header means, or nothing."""
        key = words.name_key(header)
        for field in self.fields:
            if key and (key in field.synonyms.split("|") or key == words.name_key(str(field.label))):
                return field.key
        return ""

    def suggest(self, headers: Sequence[str]) -> dict[str, str]:
        """Column number as text -> field, each field once."""
        found: dict[str, str] = {}
        for number, header in enumerate(headers):
            key = self.by_header(header)
            if key and key not in found.values():
                found[str(number)] = key
        return found

    def label(self, key: str) -> str:
        return next((str(field.label) for field in self.fields if field.key == key), key)
