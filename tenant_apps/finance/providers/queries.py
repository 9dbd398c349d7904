"""Reading the charges of an entry."""

from __future__ import annotations

from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers.models import ProviderCharge


def latest(entry: Entry) -> ProviderCharge | None:
    """The charge that counts, or the last one there was."""
    return ProviderCharge.objects.filter(entry=entry).order_by("-created_at", "-id").first()
