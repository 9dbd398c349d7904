"""Everything that changes an entry, a payment, a recurrence, a category or how the firm is paid."""

from tenant_apps.finance.charges import Due, due_amount
from tenant_apps.finance.pix import br_code
from tenant_apps.finance.services.categories import (
    add_category,
    change_category,
    default_category,
    ensure_categories,
    remove_category,
)
from tenant_apps.finance.services.contracts import MONTHLY, bill_contracts, charge_appointment, withdraw_charge
from tenant_apps.finance.services.entries import (
    cancel_entry,
    create_entry,
    delete_entry,
    instalments_of,
    move_entries,
    restore_entry,
    update_entry,
)
from tenant_apps.finance.services.links import make_link, opened, revoke_links
from tenant_apps.finance.services.marking import JOB as ENTRIES
from tenant_apps.finance.services.marking import mark_night
from tenant_apps.finance.services.nights import next_entries
from tenant_apps.finance.services.payments import pay_entries, pay_entry, receive, reverse_payment
from tenant_apps.finance.services.policy import policy, update_policy
from tenant_apps.finance.services.recurrences import (
    create_recurrence,
    generate_recurrences,
    remove_recurrence,
    update_recurrence,
)
from tenant_apps.finance.services.telling import tell_of_reversal

__all__ = [
    "ENTRIES",
    "MONTHLY",
    "Due",
    "add_category",
    "bill_contracts",
    "br_code",
    "cancel_entry",
    "change_category",
    "charge_appointment",
    "create_entry",
    "create_recurrence",
    "default_category",
    "delete_entry",
    "due_amount",
    "ensure_categories",
    "generate_recurrences",
    "instalments_of",
    "make_link",
    "mark_night",
    "move_entries",
    "next_entries",
    "opened",
    "pay_entries",
    "pay_entry",
    "policy",
    "receive",
    "remove_category",
    "remove_recurrence",
    "restore_entry",
    "reverse_payment",
    "revoke_links",
    "tell_of_reversal",
    "update_entry",
    "update_policy",
    "update_recurrence",
    "withdraw_charge",
]
