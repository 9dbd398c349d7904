"""What the money book does by itself at night."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import periodic
from tenant_apps.finance import reminders, services

LABEL = _("Make recurring entries and charge contracts")


@periodic(services.ENTRIES, work="indexed", next_due=services.next_entries, label=LABEL)
def recurring_entries(now: datetime) -> dict[str, int]:
    """The month's entries of what comes back, and what contracts charge, at 03:00 of the nights that have some."""
    today = current.today(now)
    made = {
        "recurring": services.generate_recurrences(today=today),
        "contracts": services.bill_contracts(today=today),
    }
    if any(made.values()):
        reminders.mark_next(now)
    return made
