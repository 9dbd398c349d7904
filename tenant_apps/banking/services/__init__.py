"""Everything that changes what is known of the bank's movements."""

from tenant_apps.banking.services.bringing import Brought, bring_statement, remove_statement
from tenant_apps.banking.services.explaining import (
    Part,
    accept_certain,
    explain_with_entries,
    explain_with_new_entry,
    explain_with_payments,
    ignore_line,
    reopen_line,
)

__all__ = [
    "Brought",
    "Part",
    "accept_certain",
    "bring_statement",
    "explain_with_entries",
    "explain_with_new_entry",
    "explain_with_payments",
    "ignore_line",
    "remove_statement",
    "reopen_line",
]
