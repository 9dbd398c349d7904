"""Clearing away what has expired: invitations, sessions, organizations whose days of grace are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import history, second_step, throttle
from shared_apps.organizations import domains, figures, lifecycle, sessions
from shared_apps.organizations.expiry import PURGE_EXPIRED, active_organization, first_expiry
from shared_apps.organizations.models import Invitation, Organization
from shared_apps.tenancy import storage
from shared_apps.tenancy.jobs import periodic, platform_periodic, platform_task


@periodic(PURGE_EXPIRED, work="indexed", next_due=first_expiry, label=_("Remove expired invitations and sign-ins"))
def purge_expired(now: datetime) -> dict[str, int]:
    """Delete the active organization's open invitations that expired and its sessions that nobody can continue."""
    organization_id = active_organization()
    open_ones = Invitation.objects.filter(organization=organization_id, accepted_at=None)
    return {
        "invitations": open_ones.filter(expires_at__lte=now).delete()[0],
        "sign_ins": sessions.purge(now, organization_id=organization_id),
    }


@periodic(figures.ROLL_UP, at="00:40", jitter=timedelta(minutes=30), label=_("Count the firm's figures"))
def roll_up(now: datetime) -> dict[str, int]:
    """The active organization's figures of the day that has ended, for the console."""
    return figures.roll_up(now=now)


@platform_periodic("organizations.purge_sign_ins", at="04:10")
def purge_sign_ins() -> None:
    """Delete Django's expired web sessions, attempts that no longer count, and history that is old."""
    now = timezone.now()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    throttle.purge(now)
    second_step.purge(now)
    history.purge(now)


@platform_periodic("organizations.delete_due", every=timedelta(hours=1), atomic=False)
def delete_due() -> None:
    """Delete organizations that wait for it and whose days of grace are over, each in a transaction of its own."""
    lifecycle.delete_due(timezone.now())


@platform_periodic("organizations.check_domains", every=timedelta(hours=1), atomic=False)
def check_domains() -> None:
    """Ask DNS about the names that organizations claim, and once a day about those they have proven."""
    domains.check_due(timezone.now())


@platform_task("organizations.delete_files", atomic=False)
def delete_files(organization_id: str) -> None:
    """Delete the files of an organization that is gone."""
    if not Organization.objects.filter(pk=organization_id).exists():
        storage.drop_organization(UUID(organization_id))
