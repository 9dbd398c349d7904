"""Refusals of the money book."""

from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared_apps.core import formats
from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations import current


class Overpaid(FieldError):
    """More than is open. `open` is what may still be paid, as money's plain text; people read it as they write it."""

    def __init__(self, open_amount: Decimal) -> None:
        shown = formats.money(open_amount, current.currency())
        text = gettext("This is more than is open: %(open)s.") % {"open": shown}
        super().__init__("amount", text, "overpaid", open=str(open_amount))


class EntryCancelled(DomainError):
    code = "entry_cancelled"
    message = _("This entry is cancelled. Restore it before changing or paying it.")


class EntryNotCancelled(DomainError):
    code = "entry_not_cancelled"
    message = _("This entry is not cancelled.")


class EntryPaid(DomainError):
    """It is paid in whole already."""

    code = "entry_paid"
    message = _("This entry is paid already.")


class HasPayments(DomainError):
    code = "has_payments"
    message = _("This entry has payments. Reverse them first.")


class AlreadyReversed(DomainError):
    code = "already_reversed"
    message = _("This payment was reversed already.")


class CategoryInUse(DomainError):
    code = "category_in_use"
    message = _("Entries have this category. Take it out of use instead.")


class CategoryTaken(DomainError):
    code = "category_taken"
    message = _("There is a category with this name already.")

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "name", "code": self.code, "message": str(self.message)}])


class NoPixKey(DomainError):
    code = "no_pix_key"
    message = _("There is no PIX key yet. Give one in the settings of receiving.")
