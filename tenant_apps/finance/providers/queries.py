"""Reading the charges of an entry."""

from __future__ import annotations

from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers.models import ProviderCharge

MOST = 5


def unsettled() -> list[ProviderCharge]:
    """Paid at the provider and not, or not all, in the books, the latest first; a few of them."""
    found = ProviderCharge.objects.filter(state=ProviderCharge.State.PAID).exclude(problem="")
    return list(found.select_related("entry").order_by("-created_at")[:MOST])


def latest(entry: Entry) -> ProviderCharge | None:
    """The charge that counts, or the last one there was."""
    return ProviderCharge.objects.filter(entry=entry).order_by("-created_at", "-id").first()
