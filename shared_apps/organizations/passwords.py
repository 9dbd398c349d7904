"""A new password, for programs: changed by who knows the old one, or set by who gets our mail.

The pages do the same with django-allauth's views; tokens and mails are the same.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import filter_users_by_email, url_str_to_user_pk
from allauth.core import ratelimit
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import platform_sessions, second_step
from shared_apps.accounts.errors import TooManyAttempts, WrongPassword
from shared_apps.accounts.models import PlatformSession, User
from shared_apps.core.errors import FieldError
from shared_apps.organizations import sessions
from shared_apps.tenancy import context

WAIT = 60  # seconds


class LinkDead(FieldError):
    """Of a mail: used, too old, replaced by a later one, or never ours."""

    def __init__(self, field: str) -> None:
        super().__init__(field, _("This link was used already or has expired. Ask for a new one."), "link_dead")


def change(user: User, *, old: str, new: str, address: str, keep: UUID) -> None:
    """Signed out everywhere but in the session `keep`. Raises WrongPassword, FieldError, TooManyAttempts."""
    with second_step.guess(user.pk, address=address):
        if not user.check_password(old):
            raise WrongPassword("old_password")
    _set(user, new, keep=keep)
    get_adapter().send_notification_mail("account/email/password_changed", user)


def ask_for_reset(email: str, *, request: HttpRequest) -> None:
    """A mail with a link, if somebody has this address. Says nothing of whether. Raises TooManyAttempts."""
    _slow_down(request, "reset_password", email)
    users = filter_users_by_email(email, is_active=True, prefer_verified=True)
    if users:
        request_password_reset(request, email, users, PASSWORD_RESET_TOKEN_GENERATOR())


def reset(*, uid: str, token: str, new: str) -> None:
    """Signed out everywhere. Raises LinkDead, FieldError."""
    user = _user_of(uid)
    if user is None or not PASSWORD_RESET_TOKEN_GENERATOR().check_token(user, token):
        raise LinkDead("token")
    _set(user, new)
    get_adapter().send_notification_mail("account/email/password_reset", user)


def ask_for_verification(user: User, *, request: HttpRequest) -> None:
    """A mail with a link, unless the address is verified. Raises TooManyAttempts."""
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    if address.verified:
        return
    _slow_down(request, "confirm_email", user.email)
    address.send_confirmation(request)


def verify(key: str) -> None:
    """Raises LinkDead, also when somebody else has verified the address meanwhile."""
    found = EmailConfirmationHMAC.from_key(key)
    if found is None or not found.email_address.user.is_active or not found.email_address.set_verified():
        raise LinkDead("key")


@transaction.atomic
def _set(user: User, new: str, *, keep: UUID | None = None) -> None:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise FieldError("new_password", " ".join(error.messages)) from None
    user.set_password(new)
    user.save(update_fields=["password"])
    sessions.end_elsewhere(Q(user=user) & ~Q(pk=keep) if keep else Q(user=user))
    platform_sessions.end(list(PlatformSession.objects.filter(user=user)))


def _user_of(uid: str) -> User | None:
    try:
        return User.objects.filter(pk=url_str_to_user_pk(uid), is_active=True).first()
    except (ValueError, ValidationError):
        return None


def _slow_down(request: HttpRequest, action: str, email: str) -> None:
    with context.public():  # counted for all hosts together
        if not ratelimit.consume(request, action=action, key=email.strip().lower()):
            raise TooManyAttempts(_("Too many requests. Try again later."), retry_after=WAIT)
