"""Files that belong to one organization: every name leads into its own folder, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils.module_loading import import_string

from shared_apps.tenancy import context, routing
from shared_apps.tenancy.context import NoSchemaChosen


class OrganizationStorage(Storage):
    """A storage whose names are those of the active organization: "2026/a.jpg" is kept as "<its id>/2026/a.jpg".

    So the name in a row of one organization never opens a file of another, even if the row was copied. Raises
    NoSchemaChosen outside an organization and SuspiciousFileOperation for a name that would lead out of the folder.
    Nothing has a URL: whoever wants a file asks a view.
    """

    def __init__(self, backend: str, options: dict[str, Any] | None = None) -> None:
        self.inner: Storage = import_string(backend)(**(options or {}))

    def within(self, name: str) -> str:
        """Where the active organization's file of this name is kept."""
        parts = name.replace("\\", "/").split("/")
        if not name or {"", ".", ".."} & set(parts) or "\0" in name:
            raise SuspiciousFileOperation(f"{name!r} leads out of the organization's folder.")
        return f"{active_organization()}/{name}"

    def _open(self, name: str, mode: str = "rb") -> File:
        return self.inner.open(self.within(name), mode)

    def _save(self, name: str, content: File) -> str:
        saved = self.inner.save(self.within(name), content)
        return saved.removeprefix(f"{active_organization()}/")

    def delete(self, name: str) -> None:
        self.inner.delete(self.within(name))

    def exists(self, name: str) -> bool:
        return self.inner.exists(self.within(name))

    def size(self, name: str) -> int:
        return self.inner.size(self.within(name))

    def get_modified_time(self, name: str) -> datetime:
        return self.inner.get_modified_time(self.within(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files; both empty where there is no such folder."""
        with suppress(FileNotFoundError):
            return self.inner.listdir(self.within(path))
        return [], []

    def drop_organization(self, organization_id: UUID) -> int:
        """Delete every file of an organization that is gone; how many. Safe to run again."""
        return sum(1 for _ in _emptied(self.inner, str(organization_id)))


def active_organization() -> UUID:
    """The organization whose files are meant. Raises NoSchemaChosen."""
    active = context.active()
    if active.organization_id is not None:
        return active.organization_id
    route = None if active.is_public else routing.by_schema(active.schema)
    if route is None:
        raise NoSchemaChosen
    return route.organization_id


def _emptied(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{folder}/{name}")
        yield name
    for inner in folders:
        yield from _emptied(storage, f"{folder}/{inner}")
    storage.delete(folder)


def drop_organization(organization_id: UUID) -> int:
    """Delete every file of an organization that is gone from the default storage; how many."""
    found = storages["default"]
    return found.drop_organization(organization_id) if isinstance(found, OrganizationStorage) else 0
