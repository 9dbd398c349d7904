"""Refusals of a sign-in."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class InvalidCredentials(DomainError):
    """One answer for an unknown e-mail, a wrong password, a closed account and somebody who is not a member here."""

    code = "invalid_credentials"
    status = 401
    message = _("The e-mail or the password is wrong.")


class TooManyAttempts(DomainError):
    """`retry_after` seconds must pass; the API also says so in Retry-After."""

    code = "too_many_attempts"
    status = 429
    message = _("Too many failed sign-ins. Try again later.")
