"""Refusals of sign-in, membership and lifecycle."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    message = _("Sign in first.")


class InvalidToken(DomainError):
    """Also what a token of another organization gets: whether it is good elsewhere is nobody's business here."""

    code = "invalid_token"
    status = 401
    message = _("The access token is invalid or has expired.")


class PermissionDenied(DomainError):
    code = "permission_denied"
    status = 403
    message = _("Your role does not allow this.")


class InvalidRefreshToken(DomainError):
    code = "invalid_token"
    status = 401
    message = _("The sign-in has ended. Sign in again.")


class CsrfFailed(DomainError):
    """The refresh cookie was sent without the proof that our own page sent it."""

    code = "csrf_failed"
    status = 403
    message = _("The X-CSRFToken header is missing or wrong.")
