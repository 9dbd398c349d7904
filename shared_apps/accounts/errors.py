"""Refusals of a sign-in."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError


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


class SecondStepNeeded(DomainError):
    """The password is right. `mfa_token` is good for one code within `expires_in` seconds; `methods` says of what."""

    code = "mfa_required"
    status = 401
    message = _("Enter the code of your authenticator app, or a recovery code.")


class EnrolmentNeeded(DomainError):
    """The password is right, but the firm asks for two steps. `mfa_token` is good for setting up the second only."""

    code = "mfa_enrolment_required"
    status = 403
    message = _("This firm asks for two-step sign-in. Set up an authenticator app to go on.")


class StepExpired(DomainError):
    """One answer for a token that is used, too old, of another organization, or of nobody."""

    code = "mfa_token_invalid"
    status = 401
    message = _("This sign-in took too long or was used already. Start again with your password.")


class WrongCode(FieldError):
    def __init__(self) -> None:
        super().__init__("code", _("This code is not right, or was used already."), "wrong_code")


class WrongPassword(FieldError):
    def __init__(self, field: str = "password") -> None:
        super().__init__(field, _("The password is wrong."), "wrong_password")


class NoSecondStep(DomainError):
    code = "mfa_not_set_up"
    message = _("Two-step sign-in is not set up.")


class SecondStepThere(DomainError):
    code = "mfa_already_set_up"
    message = _("An authenticator app is set up already. Remove it first.")


class PasskeyRefused(FieldError):
    """What the device sent is no answer to what it was asked, or names a passkey that is there already."""

    def __init__(self) -> None:
        super().__init__("credential", _("This passkey could not be added. Try again."), "passkey_refused")


class TooManyPasskeys(DomainError):
    code = "too_many_passkeys"
    message = _("There are %(limit)d passkeys already. Remove one first.")
