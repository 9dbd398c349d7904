"""A person's sign-ins on the platform's own host."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from shared_apps.accounts import history
from shared_apps.accounts.devices import Device
from shared_apps.accounts.models import PlatformSession, SignIn, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(request: HttpRequest, user: User, method: SignIn.Method) -> None:
    """Sign in somebody who has just got their account, past allauth's forms. `method`: what their history says."""
    request.came_by = method  # type: ignore[attr-defined] # for the receiver of Django's signal
    login(request, user, backend=BACKEND)


def opened(user: User, session: SessionBase, method: str, device: Device) -> None:
    note(user, session, device)
    history.record(user, method, device)


def note(user: User, session: SessionBase, device: Device) -> None:
    """This is where Django's session of the person is."""
    if not session.session_key:
        session.save()
    PlatformSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "device": device.label,
            "address": device.address or None,
            "created_at": timezone.now(),
        },
    )


def closed(session_key: str) -> None:
    PlatformSession.objects.filter(session_key=session_key).delete()


def standing(user_id: UUID) -> list[PlatformSession]:
    """Those that Django still knows, the newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    mine = PlatformSession.objects.filter(user_id=user_id, session_key__in=alive)
    return list(mine.order_by("-created_at"))


def end(sessions: list[PlatformSession]) -> None:
    """Signed out there from the next request on."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in sessions:
        store.delete(session.session_key)
        session.delete()
