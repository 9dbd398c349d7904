"""What the money book does by itself at night."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import periodic
from tenant_apps.finance import reminders, services


@periodic("finance.recurring_entries", at="03:00", label=_("Make recurring entries and charge contracts"))
def recurring_entries(now: datetime) -> dict[str, int]:
    """The month's entries of what comes back, and what contracts charge. Where there is none: two short questions."""
    today = current.today(now)
    made = {
        "recurring": services.generate_recurrences(today=today),
        "contracts": services.bill_contracts(today=today),
    }
    if any(made.values()):
        reminders.mark_next(now)
    return made
