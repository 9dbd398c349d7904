"""What the money book does by itself at night."""

from __future__ import annotations

from datetime import datetime

from shared_apps.tenancy.jobs import periodic
from tenant_apps.finance import days, services


@periodic("finance.recurring_entries", at="03:00")
def recurring_entries(now: datetime) -> dict[str, int]:
    """The month's entries of what comes back, and what contracts charge. Where there is none: two short questions."""
    today = days.today(now)
    return {
        "recurring": services.generate_recurrences(today=today),
        "contracts": services.bill_contracts(today=today),
    }
