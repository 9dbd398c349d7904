"""Support access: the platform's staff look into an organization, if its owner lets them, for a while, and are seen.

Staff ask with a reason; an owner grants it for some hours, or the organization has said that emergencies need no
asking. It is a page session of its own kind, bound to the grant: whoever holds it reads and changes nothing, every view
is written down for the owner, and it ends when the grant ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core.errors import DomainError, NotThere
from shared_apps.mail import services as mail
from shared_apps.organizations import domains
from shared_apps.organizations.models import (
    Membership,
    Organization,
    RefreshSession,
    SupportGrant,
    SupportView,
)

DEFAULT_HOURS = 2
MOST_HOURS = 24
OPEN_FOR = timedelta(days=7)  # a request that nobody answers lapses
READING = frozenset({"GET", "HEAD", "OPTIONS"})
ROLE = "support"  # in permissions.ROLE_PERMISSIONS


class AskedAlready(DomainError):
    code = "asked_already"
    message = _("There is an open request, or access that still lasts, of yours for this organization.")


class NoEmergencies(DomainError):
    code = "no_emergencies"
    message = _("This organization wants to be asked, also in an emergency.")


class Decided(DomainError):
    code = "decided"
    message = _("This request has been answered or has lapsed.")


class LooksOnly(DomainError):
    """What somebody with support access gets for anything but reading."""

    code = "support_looks_only"
    status = 403
    message = _("Support access is for reading. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request made with support access: what the banner says."""

    grant_id: UUID
    staff: User
    expires_at: datetime


@transaction.atomic
def ask(
    organization: Organization, *, actor: User, reason: str, hours: int = DEFAULT_HOURS, emergency: bool = False
) -> SupportGrant:
    """Ask the owners for access, or take it in an emergency. Raises AskedAlready, NoEmergencies.

    The owners are told by e-mail in either case.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    now = timezone.now()
    if emergency and not organization.support_emergencies:
        raise NoEmergencies
    mine = SupportGrant.objects.filter(organization=organization, staff=actor)
    if mine.filter(_open(now) | _standing(now)).exists():
        raise AskedAlready
    hours = max(1, min(hours, MOST_HOURS))
    asked = SupportGrant.objects.create(
        organization=organization,
        staff=actor,
        staff_email=actor.email,
        reason=reason,
        hours=hours,
        is_emergency=emergency,
        asked_at=now,
        granted_at=now if emergency else None,
        expires_at=now + timedelta(hours=hours) if emergency else None,
    )
    _tell_owners(asked)
    return asked


@transaction.atomic
def grant(asked: SupportGrant, *, actor: User) -> SupportGrant:
    """Let them in from now on, for as long as they asked for. Raises Decided."""
    asked, now = _to_decide(asked)
    asked.granted_at, asked.decided_by = now, actor
    asked.expires_at = now + timedelta(hours=asked.hours)
    asked.save(update_fields=["granted_at", "decided_by", "expires_at"])
    return asked


@transaction.atomic
def refuse(asked: SupportGrant, *, actor: User) -> SupportGrant:
    """Raises Decided."""
    asked, now = _to_decide(asked)
    asked.refused_at, asked.decided_by = now, actor
    asked.save(update_fields=["refused_at", "decided_by"])
    return asked


@transaction.atomic
def end(granted: SupportGrant, *, actor: User | None = None) -> SupportGrant:
    """Out at once, whoever says so: an owner, or the staff themselves. Again: no difference."""
    granted = SupportGrant.objects.select_for_update().get(pk=granted.pk)
    if granted.ended_at is None:
        granted.ended_at, granted.ended_by = timezone.now(), actor
        granted.save(update_fields=["ended_at", "ended_by"])
    sessions = RefreshSession.objects.filter(support=granted, revoked_at=None)
    sessions.update(revoked_at=timezone.now(), revoked_for=RefreshSession.Ending.ACCESS_LOST)
    return granted


@transaction.atomic
def allow_emergencies(organization: Organization, *, allowed: bool) -> None:
    Organization.objects.filter(pk=organization.pk).update(support_emergencies=allowed)


def of(organization_id: UUID) -> QuerySet[SupportGrant]:
    """Every request there was, the latest first."""
    return SupportGrant.objects.filter(organization_id=organization_id).select_related("staff", "decided_by")


def find(organization_id: UUID, pk: UUID) -> SupportGrant:
    """Raises NotThere, also for another organization's."""
    found = of(organization_id).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def standing(organization_id: UUID, user: User) -> SupportGrant | None:
    """The access this person has there now. Staff only: who was let go has none."""
    if not (user.is_active and user.is_staff):
        return None
    now = timezone.now()
    return SupportGrant.objects.filter(_standing(now), organization_id=organization_id, staff=user).first()


def visit_of(user_id: UUID, session_id: UUID, organization_id: UUID, *, seen_since: datetime) -> RefreshSession | None:
    """The session, if it was used since then and everything that carries it still stands."""
    now = timezone.now()
    granted = SupportGrant.objects.filter(_standing(now), organization_id=organization_id, staff_id=user_id)
    mine = RefreshSession.objects.filter(
        pk=session_id,
        user_id=user_id,
        organization_id=organization_id,
        kind=RefreshSession.Kind.SUPPORT,
        revoked_at=None,
        expires_at__gt=now,
        seen_at__gt=seen_since,
        user__is_active=True,
        user__is_staff=True,
        support__in=granted,
    )
    return mine.select_related("user", "support").first()


def let_in(request: HttpRequest, visit: Visit) -> None:
    """Write the view down, and refuse whatever is not reading. Raises LooksOnly."""
    reads = request.method in READING
    SupportView.objects.create(
        grant_id=visit.grant_id,
        method=(request.method or "")[:7],
        path=request.get_full_path()[:300],
        was_refused=not reads,
    )
    if not reads:
        raise LooksOnly


def _open(now: datetime) -> Q:
    return Q(granted_at=None, refused_at=None, ended_at=None, asked_at__gt=now - OPEN_FOR)


def _standing(now: datetime) -> Q:
    return Q(granted_at__isnull=False, ended_at=None, expires_at__gt=now)


def _to_decide(asked: SupportGrant) -> tuple[SupportGrant, datetime]:
    now = timezone.now()
    locked = SupportGrant.objects.select_for_update(of=("self",)).filter(_open(now), pk=asked.pk).first()
    if locked is None:
        raise Decided
    return locked, now


def _tell_owners(asked: SupportGrant) -> None:
    for owner in Membership.objects.owning().filter(organization=asked.organization).select_related("user"):
        mail.send(
            "organizations/support_access",
            to=owner.user.email,
            locale=owner.user.locale or asked.organization.locale,
            context={
                "firm": asked.organization.name,
                "reason": asked.reason,
                "hours": asked.hours,
                "is_emergency": asked.is_emergency,
                "link": f"{domains.address_of(asked.organization)}/settings/support/",
            },
        )


def state_of(asked: SupportGrant, now: datetime) -> str:
    """open, lapsed, refused, standing or over."""
    if asked.refused_at is not None:
        return "refused"
    if asked.granted_at is None:
        if asked.ended_at is not None:
            return "over"
        return "open" if asked.asked_at > now - OPEN_FOR else "lapsed"
    return "standing" if asked.ended_at is None and asked.expires_at and asked.expires_at > now else "over"
