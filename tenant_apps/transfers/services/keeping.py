"""Files of imports and exports in the default storage, which keeps each organization to its own folder."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from shared_apps.core.ids import uuid7
from tenant_apps.transfers.errors import FileGone


def keep(folder: str, name: str, content: Any) -> str:
    """Store a file (anything that reads bytes); returns its path. The name is made harmless."""
    harmless = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "file"
    return str(default_storage.save(f"{folder}/{uuid7()}/{harmless}", File(content)))


def opened(path: str) -> Any:
    """The file, open for reading. Raises FileGone."""
    if not path:
        raise FileGone
    try:
        return default_storage.open(path, "rb")
    except (OSError, ValueError) as error:
        raise FileGone from error


def drop(path: str) -> None:
    if path:
        default_storage.delete(path)
