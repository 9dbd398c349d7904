"""Sign-ins that last: a family of refresh tokens, each replaced by the next when it is used.

A refresh token is `<session id>.<generation>.<signature>`. The row in public keeps the generation that is good now: a
stolen database holds no token, and a forged token is told from one that was replaced; only the second ends the family.
For GRACE after a replacement the token before is still answered, with the same successor: two tabs that refresh at the
same moment, or a browser that never received the answer, are no thieves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from structlog import get_logger

from shared_apps.accounts.models import User
from shared_apps.organizations import expiry
from shared_apps.organizations.models import RefreshSession

logger = get_logger(__name__)
GRACE = timedelta(seconds=10)
LONGEST = 128  # characters; ours have about 80


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session that goes on, and the refresh token that is good from now on."""

    session: RefreshSession
    token: str


def open_session(user: User, organization_id: UUID, *, device: str = "", address: str = "") -> Refreshed:
    now = timezone.now()
    session = RefreshSession(
        organization_id=organization_id,
        user_id=user.pk,
        device=device[:120],
        address=address or None,
        seen_at=now,
        rotated_at=now,
        expires_at=now + lifetime(),
    )
    with transaction.atomic():
        session.save(force_insert=True)
        expiry.note(organization_id, session.expires_at)
    return Refreshed(session, _token(session))


def rotate(token: str, *, organization_id: UUID) -> Refreshed | None:
    """Replace a refresh token. None when it is not good in this organization; a replaced one ends its family."""
    parsed = _read(token)
    if parsed is None:
        return None
    session_id, generation = parsed
    now = timezone.now()
    with transaction.atomic():
        session = RefreshSession.objects.select_for_update().filter(pk=session_id).first()
        if session is None or session.revoked_at or session.expires_at <= now:
            return None
        if session.organization_id != organization_id:
            logger.warning("refresh_for_other_organization", session=str(session_id))
            return None
        if generation == session.generation - 1 and now < session.rotated_at + GRACE:
            return Refreshed(session, _token(session))
        if generation != session.generation:
            _end(session, RefreshSession.Ending.REUSE, now)
            logger.warning("refresh_token_reused", session=str(session_id), user_id=str(session.user_id))
            return None
        session.generation += 1
        session.rotated_at, session.seen_at, session.expires_at = now, now, now + lifetime()
        session.save(update_fields=["generation", "rotated_at", "seen_at", "expires_at"])
    return Refreshed(session, _token(session))


def close(token: str, *, organization_id: UUID) -> None:
    """Log out: the family of this token ends, and with it the access tokens that came from it."""
    parsed = _read(token)
    if parsed is None:
        return
    with transaction.atomic():
        sessions = RefreshSession.objects.select_for_update()
        session = sessions.filter(pk=parsed[0], organization_id=organization_id, revoked_at=None).first()
        if session is not None:
            _end(session, RefreshSession.Ending.LOGOUT, timezone.now())


def end_all(user_id: UUID, *, organization_id: UUID | None = None) -> int:
    """End a person's sessions, in one organization or (None) everywhere; how many. Holds from the next request on."""
    where = Q(user_id=user_id, revoked_at=None)
    if organization_id is not None:
        where &= Q(organization_id=organization_id)
    return RefreshSession.objects.filter(where).update(
        revoked_at=timezone.now(), revoked_for=RefreshSession.Ending.ACCESS_LOST
    )


def standing(user_id: UUID, *, organization_id: UUID) -> list[RefreshSession]:
    """The sign-ins of a person in one organization that can be used, the last used first."""
    mine = RefreshSession.objects.filter(user_id=user_id, organization_id=organization_id)
    return list(mine.filter(revoked_at=None, expires_at__gt=timezone.now()).order_by("-seen_at", "-created_at"))


def end_elsewhere(condition: Q) -> int:
    """The person ends sign-ins that fit, pages and API; how many. Holds from the next request on."""
    return RefreshSession.objects.filter(condition, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_for=RefreshSession.Ending.ELSEWHERE
    )


def purge(now: datetime, *, organization_id: UUID | None = None) -> int:
    """Delete sessions that nobody can continue; how many. A revoked one stays until its access tokens are dead."""
    dead = now - timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)
    gone = RefreshSession.objects.filter(Q(expires_at__lt=dead) | Q(revoked_at__lt=dead))
    if organization_id is not None:
        gone = gone.filter(organization=organization_id)
    return gone.delete()[0]


def lifetime() -> timedelta:
    return timedelta(days=settings.REFRESH_TOKEN_DAYS)


def _end(session: RefreshSession, why: RefreshSession.Ending, now: datetime) -> None:
    session.revoked_at, session.revoked_for = now, why
    session.save(update_fields=["revoked_at", "revoked_for"])


def _token(session: RefreshSession) -> str:
    body = f"{session.pk.hex}.{session.generation}"
    return f"{body}.{_signature(body, settings.SECRET_KEY)}"


def _read(token: str) -> tuple[UUID, int] | None:
    """Session id and generation of a token that we made, else None."""
    if len(token) > LONGEST:
        return None
    body, _dot, signature = token.rpartition(".")
    given = signature.encode()
    if not any(
        hmac.compare_digest(_signature(body, str(secret)).encode(), given)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ):
        return None
    session_id, _dot, generation = body.partition(".")
    return UUID(session_id), int(generation)


def _signature(body: str, secret: str) -> str:
    key = hashlib.sha256(b"colmeia.refresh-token." + secret.encode()).digest()
    return base64.urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256")).rstrip(b"=").decode()
