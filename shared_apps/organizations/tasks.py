"""Clearing away what has expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from shared_apps.accounts import throttle
from shared_apps.organizations.models import Invitation, RefreshSession
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import periodic, platform_periodic

PURGE_EXPIRED = "organizations.purge_expired"
HOUR = timedelta(hours=1)


def first_expiry() -> datetime | None:
    """When the active organization's next invitation or session can go: the hour after it has expired."""
    mine = Q(organization=context.active().organization_id)
    found = [
        Invitation.objects.filter(mine, accepted_at=None).aggregate(at=Min("expires_at"))["at"],
        RefreshSession.objects.filter(mine).aggregate(at=Min("expires_at"))["at"],
    ]
    earliest = min((at for at in found if at), default=None)
    return purge_time(earliest) if earliest else None


def purge_time(expires_at: datetime) -> datetime:
    """The full hour after an expiry: one visit then does for all that expired in it."""
    return expires_at.replace(minute=0, second=0, microsecond=0) + HOUR


@periodic(PURGE_EXPIRED, work="indexed", next_due=first_expiry)
def purge_expired(now: datetime) -> None:
    """Delete the active organization's open invitations that expired and the sessions that nobody can continue.

    A revoked session stays until the access tokens that came from it are dead.
    """
    mine = Q(organization=context.active().organization_id)
    dead = now - timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)
    Invitation.objects.filter(mine, accepted_at=None, expires_at__lte=now).delete()
    RefreshSession.objects.filter(mine).filter(Q(expires_at__lte=now) | Q(revoked_at__lt=dead)).delete()


@platform_periodic("organizations.purge_sign_ins", at="04:10")
def purge_sign_ins() -> None:
    """Delete Django's expired web sessions and the sign-in attempts that no longer count."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    throttle.purge(timezone.now())
