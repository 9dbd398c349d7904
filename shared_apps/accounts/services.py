"""A person proves who they are."""

from __future__ import annotations

from django.utils import timezone

from shared_apps.accounts.errors import InvalidCredentials
from shared_apps.accounts.models import User


def check_credentials(*, email: str, password: str) -> User:
    """The active user with this e-mail and password. Raises InvalidCredentials, after the same work in every case."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        User().set_password(password)  # takes as long as comparing one
        raise InvalidCredentials
    if not user.check_password(password) or not user.is_active:
        raise InvalidCredentials
    return user


def record_sign_in(user: User) -> None:
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])


def choose_language(user: User, *, locale: str) -> None:
    """For all the organizations this person works in. `locale` is one of settings.LANGUAGES."""
    User.objects.filter(pk=user.pk).update(locale=locale)
