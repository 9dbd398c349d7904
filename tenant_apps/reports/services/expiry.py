"""Files of reports go away by themselves."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Min

from tenant_apps.reports.models import Run


def expire(*, now: datetime) -> int:
    """Remove what is over its time; returns how many."""
    old = Run.objects.filter(expires_at__lte=now)
    for path in old.exclude(file="").values_list("file", flat=True):
        default_storage.delete(path)
    return old.delete()[0]


def next_expiry() -> datetime | None:
    found: datetime | None = Run.objects.aggregate(at=Min("expires_at"))["at"]
    return found
