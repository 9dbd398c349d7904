"""Finding one row, or saying that there is none."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from shared_apps.core.errors import NotThere

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], pk: UUID) -> M:
    """Raises NotThere."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def uuid_or_none(value: Any) -> UUID | None:
    """What a query or a form gave as an identifier; None where it is none."""
    try:
        return UUID(str(value or ""))
    except ValueError:
        return None
