"""What happens to sign-ins on organizations' hosts when something happens to the sign-in on the platform's."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Q
from django.dispatch import receiver

from shared_apps.organizations import page_sessions, profile
from shared_apps.organizations.models import RefreshSession


@receiver(user_logged_out)
def on_signed_out(sender: object, **kwargs: Any) -> None:
    session = getattr(kwargs["request"], "session", None)
    if session is not None:
        page_sessions.end_of_platform(session.session_key or "")


@receiver(user_logged_in)
def on_signed_in(sender: object, **kwargs: Any) -> None:
    session = getattr(kwargs["request"], "session", None)
    if session is not None and (spared := session.pop(page_sessions.SPARED, "")):
        page_sessions.adopt(spared, kwargs["user"].pk, session.session_key or "")


@receiver([password_changed, password_reset, password_set])
def on_new_password(sender: object, **kwargs: Any) -> None:
    """Whoever knew the old one is out, everywhere: pages and API."""
    page_sessions.end_every(Q(user_id=kwargs["user"].pk), RefreshSession.Ending.ELSEWHERE)


@receiver(authenticator_removed)
def on_second_step_removed(sender: object, **kwargs: Any) -> None:
    """Firms that ask for one do not keep somebody in who has none any more."""
    profile.end_unprotected(Q(user_id=kwargs["user"].pk))
