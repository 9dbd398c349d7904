"""Staff with a second step, and browsers on the platform's host."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpRequest
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.console.access import SEEN
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Enter = Callable[..., Client]


def protect(user: User) -> User:
    """Give somebody an authenticator app."""
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return user


def browser_of(user: User, *, proven: bool = True, seen: float | None = None) -> Client:
    """A browser that has signed in on the platform; `proven`: with the second step. `seen`: last use of the console."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend=BACKEND)
    session = client.session
    if proven:
        request = HttpRequest()
        request.session = session
        record_authentication(request, user, "mfa", type="totp")
    if seen is not None:
        session[SEEN] = seen
        steps = session["account_authentication_methods"]
        session["account_authentication_methods"] = [{**step, "at": seen} for step in steps]
    session.save()
    return client


@pytest.fixture
def enter() -> Enter:
    return browser_of


@pytest.fixture
def olga(cast: Cast) -> User:
    """Owns the platform, and is in no organization."""
    return protect(User.objects.create_superuser("olga@colmeia.example", "correct-horse-battery", name="Olga"))


@pytest.fixture
def console(olga: User) -> Client:
    return browser_of(olga)


def long_ago(minutes: int) -> float:
    return time.time() - minutes * 60


__all__ = ["Enter", "browser_of", "long_ago", "protect"]
