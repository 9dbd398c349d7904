"""Refusals of the bank's side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError


class Unreadable(FieldError):
    """The file as a whole cannot be used; the message says why and what to do."""

    def __init__(self, message: object, **extra: object) -> None:
        super().__init__("file", str(message), "unreadable_file", **extra)


class AlreadyExplained(DomainError):
    code = "already_explained"
    message = _("Somebody has explained this line already. Load the page again.")


class NotExplained(DomainError):
    code = "not_explained"
    message = _("This line is open. There is nothing to take back.")


class PaymentTaken(DomainError):
    code = "payment_taken"
    message = _("Another line of the bank is this payment already.")


class WrongSum(FieldError):
    """Parts that do not come to the movement."""

    def __init__(self, *, given: object, wanted: object) -> None:
        text = _("The parts come to %(given)s, the movement is %(wanted)s.")
        super().__init__("amount", text, "wrong_sum", given=str(given), wanted=str(wanted))
