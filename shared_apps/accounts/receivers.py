"""What follows when a person signs in on the platform, and out of it."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from shared_apps.accounts import codes, devices, platform_sessions
from shared_apps.accounts.mfa import BOUND_FOR
from shared_apps.accounts.models import PlatformSession, SignIn, User
from shared_apps.web import locale


@receiver(user_logged_in)
def speak_their_language(request: HttpRequest | None, user: User, **_: Any) -> None:
    if request is not None:
        locale.adopt(request, user.locale)


@receiver(user_logged_in)
def write_it_down(request: HttpRequest | None, user: User, **_: Any) -> None:
    if request is not None:
        platform_sessions.opened(user, request.session, _method(request, user), devices.of_browser(request))


@receiver([password_changed, password_reset, password_set])
def end_the_others(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Django's sessions are dead with the old password; this browser's goes on under a new key, if it had one."""
    platform_sessions.end(list(PlatformSession.objects.filter(user=user)))
    if request is not None and request.user == user:
        platform_sessions.note(user, request.session, devices.of(request))


@receiver(authenticator_added)
def lead_on(request: HttpRequest | None, **_: Any) -> None:
    """Whoever was sent here by a firm that asks for a second step may go on to it now."""
    session = getattr(request, "session", None)  # a program has none
    if session is not None and BOUND_FOR in session:
        session[BOUND_FOR] = {**session[BOUND_FOR], "is_open": True}


@receiver(authenticator_added)
def take_it_for_proven(request: HttpRequest | None, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Whoever sets up a second step on a page has shown it: where one is asked for, it is not asked for again.

    The code of an app, which allauth compares and does not mark, is used up by this.
    """
    has_session = getattr(request, "session", None) is not None  # a program has none
    if request is None or not has_session or authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    if authenticator.type == Authenticator.Type.TOTP:
        codes.spend(user.pk, request.POST.get("code", ""))
    record_authentication(request, user, "mfa", type=authenticator.type, id=authenticator.pk)


@receiver(user_logged_out)
def forget_the_session(request: HttpRequest | None, **_: Any) -> None:
    session = getattr(request, "session", None)
    if session is not None:
        platform_sessions.closed(session.session_key or "")


def _method(request: HttpRequest, user: User) -> SignIn.Method:
    """By which steps, as allauth has noted them in the session; past its forms, what was said when they came in."""
    if came_by := getattr(request, "came_by", None):
        return SignIn.Method(came_by)
    steps = get_authentication_records(request, user)
    named = {step.get("method") for step in steps}
    if any(step.get("passwordless") for step in steps):
        return SignIn.Method.PASSKEY
    if "socialaccount" in named:
        return SignIn.Method.GOOGLE
    if "mfa" in named:
        return SignIn.Method.CODE
    return SignIn.Method.PASSWORD if "password" in named else SignIn.Method.OTHER
