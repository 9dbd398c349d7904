"""What files can hang on. The app that owns the thing registers it when it is ready; this app knows none by name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from shared_apps.core.errors import NotThere
from shared_apps.organizations.errors import PermissionDenied
from shared_apps.organizations.permissions import Permission, allows
from tenant_apps.team.models import Member


@dataclass(frozen=True, slots=True)
class Subject:
    """`find`: the thing, or NotThere. `open`: the same, locked for a change, as the thing whose history tells of it; it
    raises what says that it is closed. `existing`: which of these are still there. `view` and `change`: the permissions
    that see its files and change them; whoever may not see them is told that there is nothing. `home`: the name and
    address of the page on which it is at home.
    """

    find: Callable[[UUID], models.Model]
    open: Callable[[UUID], models.Model]
    existing: Callable[[Collection[UUID]], set[UUID]]
    view: Permission
    change: Permission
    heading: str | Promise = ""  # over its files, where it is not "Photos and documents"
    home: Callable[[models.Model], tuple[str, str]] | None = None

    def may_change(self, member: Member) -> bool:
        return allows(member.role, self.change)


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


def seen_by(label: str, member: Member) -> Subject:
    """Raises NotThere for what this member may not see, as if it were not there."""
    found = of(label)
    if not allows(member.role, found.view):
        raise NotThere
    return found


def changed_by(label: str, member: Member) -> Subject:
    """Raises NotThere as `seen_by`, and PermissionDenied for who may look only."""
    found = seen_by(label, member)
    if not found.may_change(member):
        raise PermissionDenied
    return found


def labels() -> list[str]:
    return sorted(_subjects)
