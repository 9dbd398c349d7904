"""From the platform's host, where people sign in, to an organization's: a link that works once, soon, there only.

1. The organization's host gives the browser a secret in a cookie of its own (the state) and sends it to the platform.
2. The platform knows who it is, checks the membership, and sends it back with a token. Only hashes are kept.
3. The organization's host takes the token from that same browser, once, within LIFETIME, on the host it was made for.

Somebody of the staff with support access (support.py) comes in the same way, as a guest.

The state makes a link useless in anybody else's browser, so nobody can be signed in as somebody else by a link.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from structlog import get_logger

from shared_apps.accounts.models import User
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import page_sessions, support
from shared_apps.organizations.errors import HandOverFailed, MfaRequired, NotAMember
from shared_apps.organizations.models import Domain, HandOver, Membership, Organization, RefreshSession
from shared_apps.organizations.roster import members

logger = get_logger(__name__)
LIFETIME = timedelta(seconds=60)
KEPT = timedelta(days=1)


def new_state() -> str:
    return secrets.token_urlsafe(24)


@transaction.atomic
def offer(user: User, *, host: str, state_hash: str, session_key: str, has_mfa: bool) -> str:
    """The token with which this person enters by this host. Raises NotAMember, MfaRequired.

    A host that is nobody's gets the same answer as an organization where the person is no member.
    """
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    organization = domain.tenant if domain is not None else None
    if organization is None or organization.status != Organization.Status.ACTIVE:
        raise NotAMember
    is_member = Membership.objects.filter(organization=organization, user=user, is_active=True).exists()
    granted = None if is_member else support.standing(organization.pk, user)
    if not is_member and granted is None:
        logger.warning("hand_over_refused", host=host, user_id=str(user.pk))
        raise NotAMember
    if (organization.require_mfa or granted) and not has_mfa:
        raise MfaRequired(firm=organization.name)
    now = timezone.now()
    HandOver.objects.filter(organization=organization, expires_at__lt=now - KEPT).delete()
    token = secrets.token_urlsafe(32)
    HandOver.objects.create(
        organization=organization,
        user=user,
        host=host,
        token_hash=hash_of(token),
        state_hash=state_hash,
        platform_session=hash_of(session_key),
        support=granted,
        expires_at=now + LIFETIME,
    )
    return token


def take(
    token: str, *, host: str, state: str, organization: UUID, device: str = "", address: str = ""
) -> RefreshSession:
    """The page session that a token opens, once. Raises HandOverFailed. Runs inside the organization's schema."""
    now = timezone.now()
    mine = HandOver.objects.filter(
        token_hash=hash_of(token), host=host, state_hash=hash_of(state), used_at=None, expires_at__gt=now
    )
    with transaction.atomic():
        # Without a state there was no sign-in in this browser: the hash of nothing is known to anybody.
        found = mine.filter(organization=organization).select_for_update().first() if state else None
        if found is None:
            _tell_why(token, host)
            raise HandOverFailed
        found.used_at = now
        found.save(update_fields=["used_at"])
        if found.support is None and members().active(found.user_id) is None:
            raise HandOverFailed
        if found.support is not None and support.standing(organization, found.user) != found.support:
            raise HandOverFailed
        return page_sessions.open_session(
            found.user_id,
            found.organization_id,
            device=device,
            address=address,
            platform_session=found.platform_session,
            granted=found.support,
        )


def _tell_why(token: str, host: str) -> None:
    """For whoever reads the log; the person gets one answer for all of it."""
    known = HandOver.objects.filter(token_hash=hash_of(token)).first()
    if known is None:
        why = "unknown"
    elif known.host != host:
        why = "other_host"
    elif known.used_at is not None:
        why = "used"
    else:
        why = "expired" if known.expires_at <= timezone.now() else "other_browser"
    logger.warning("hand_over_failed", why=why, host=host)
