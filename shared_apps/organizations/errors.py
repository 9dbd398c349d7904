"""Refusals of sign-in, membership and lifecycle."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError


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


class SlugTaken(FieldError):
    """Somebody else has the address, or had it: an address is never given out twice."""

    status = 409

    def __init__(self, slug: str) -> None:
        super().__init__("slug", _("The address “%(slug)s” is taken."), "taken", slug=slug)


class DocumentTaken(FieldError):
    status = 409

    def __init__(self) -> None:
        super().__init__("document", _("Another organization has this CPF or CNPJ."), "taken")


class DomainTaken(FieldError):
    status = 409

    def __init__(self) -> None:
        super().__init__("domain", _("Another organization uses this domain."), "taken")


class TooManyDomains(DomainError):
    code = "too_many_domains"
    message = _("An organization may have %(limit)s domains. Remove one first.")


class CheckedJustNow(DomainError):
    code = "checked_just_now"
    status = 429
    message = _("This was checked just now. DNS needs a moment; try again in a few seconds.")


class NotPossibleNow(DomainError):
    """The organization's lifecycle does not lead from where it is to there."""

    code = "not_possible_now"
    message = _("%(slug)s is %(current)s: it cannot become %(wanted)s.")


class LastOwner(DomainError):
    code = "last_owner"
    message = _("An organization needs an owner. Make somebody else owner first.")


class AlreadyMember(DomainError):
    code = "already_member"
    message = _("This person is a member already.")


class NotAMember(DomainError):
    """Also for an address that is nobody's: who is where is nobody's business."""

    code = "not_a_member"
    status = 403
    message = _("Your account is not a member of this firm. Ask its owner for an invitation, or use another account.")


class MfaRequired(DomainError):
    code = "mfa_required"
    status = 403
    message = _("This firm asks for two-step sign-in. Set it up once, then enter.")


class HandOverFailed(DomainError):
    """One answer for a link that is used, too old, made for another host or another browser."""

    code = "hand_over_failed"
    status = 403
    message = _("This way in has been used already or has expired. Sign in again; it takes a moment.")


class InvitationGone(DomainError):
    """Used, revoked, replaced, expired, or never was: one answer, but for the one that only came too late."""

    code = "invitation_gone"
    status = 410
    message = _("This invitation has been used or withdrawn. Ask the firm for a new one.")


class InvitedAnother(DomainError):
    code = "invited_another"
    status = 403
    message = _("This invitation is for %(email)s. Sign in with that address to accept it.")
