"""Being signed in on an organization's pages: a cookie of that host alone, which names a row of ours.

The cookie holds no right of its own. Every request asks, in one statement, whether the person is still an active member
and whether the session was used within the organization's idle_minutes and not ended: by signing out here or on the
platform, from another device, or by losing the membership. Use is written down once a minute at most.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shared_apps.core.tokens import hash_of
from shared_apps.organizations import expiry, roster, sessions, support
from shared_apps.organizations.models import RefreshSession, SupportGrant
from shared_apps.organizations.roster import Member, Seen
from shared_apps.tenancy.requests import route_of
from shared_apps.web import locale

SALT = "colmeia.page-session"
ENDED_SALT = "colmeia.signed-out"
ENDED_SECONDS = 60
SPARED = "spared_pages"  # in the platform's session: what spare_those_in_use() said
WRITTEN_EVERY = timedelta(minutes=1)
COOKIE_PATH = "/"
ON_PAGES = (RefreshSession.Kind.PAGES, RefreshSession.Kind.SUPPORT)


def open_session(
    user_id: UUID,
    organization_id: UUID,
    *,
    device: str = "",
    address: str = "",
    platform_session: str = "",
    granted: SupportGrant | None = None,
) -> RefreshSession:
    """A new page session. `platform_session` is the hash of the session on the platform's host that led here.

    `granted`: of somebody who is no member and only looks, for as long as that lasts.
    """
    now = timezone.now()
    until = now + sessions.lifetime()
    session = RefreshSession(
        kind=RefreshSession.Kind.SUPPORT if granted else RefreshSession.Kind.PAGES,
        support=granted,
        organization_id=organization_id,
        user_id=user_id,
        device=device[:120],
        address=address or None,
        platform_session=platform_session,
        seen_at=now,
        rotated_at=now,
        expires_at=min(until, granted.expires_at or now) if granted else until,
    )
    with transaction.atomic():
        session.save(force_insert=True)
        expiry.note(organization_id, session.expires_at)
    return session


def sign_in_request(request: HttpRequest) -> Member | None:
    """Set request.member, request.user and request.page_session from the cookie; None when nobody is signed in."""
    known: Member | None = getattr(request, "member", None)
    if known is not None:
        return known
    route = getattr(request, "route", None)
    named = _read(request.COOKIES.get(settings.PAGE_SESSION_COOKIE, ""))
    if route is None or named is None:
        return None
    user_id, session_id = named
    now = timezone.now()
    idle = timedelta(minutes=route.idle_minutes)
    seen = roster.members().on_pages(user_id, session_id, route.organization_id, seen_since=now - idle)
    seen = seen or _as_guest(request, user_id, session_id, seen_since=now - idle)
    if seen is None:
        return None
    if now - seen.seen_at > WRITTEN_EVERY and not getattr(request, "is_only_asking", False):
        touch(session_id, now)
    locale.speak(request, seen.locale)
    request.member = seen.member  # type: ignore[attr-defined] # for the view
    request.user = roster.user_of(seen.member)
    request.page_session = session_id  # type: ignore[attr-defined] # for the view
    request.idle_at = seen.seen_at + idle  # type: ignore[attr-defined] # for the view
    return seen.member


def _as_guest(request: HttpRequest, user_id: UUID, session_id: UUID, *, seen_since: datetime) -> Seen | None:
    """Somebody with support access: a member that is in no table, and request.support, which the pages tell of."""
    session = support.visit_of(user_id, session_id, route_of(request).organization_id, seen_since=seen_since)
    if session is None or session.support is None or session.seen_at is None:
        return None
    request.support = support.Visit(session.support.pk, session.user, session.expires_at)  # type: ignore[attr-defined] # for the view
    return Seen(roster.members().guest(session.user, support.ROLE), session.seen_at, session.user.locale)


def touch(session_id: UUID, now: datetime) -> None:
    """Write down that the session is in use."""
    RefreshSession.objects.filter(pk=session_id, revoked_at=None).update(seen_at=now)


def end(session_id: UUID) -> str:
    """Sign out: this session and those that came from the same sign-in on the platform; the hash that names that."""
    session = RefreshSession.objects.filter(pk=session_id).first()
    if session is None:
        return ""
    end_where(Q(pk=session_id) | Q(platform_session=session.platform_session) & ~Q(platform_session=""))
    return session.platform_session


def end_idle(request: HttpRequest) -> str:
    """End the session of this request's cookie if nobody used it for too long; the hash of its platform session.

    Also for one that ended so a moment ago: of two tabs that leave at once, or of a page whose leaving was broken off,
    none may come to the platform without the proof, and be let in again.
    """
    named, route = _read(request.COOKIES.get(settings.PAGE_SESSION_COOKIE, "")), getattr(request, "route", None)
    if named is None or route is None:
        return ""
    idle_since = timezone.now() - timedelta(minutes=route.idle_minutes)
    mine = Q(pk=named[1], user_id=named[0], organization_id=route.organization_id, kind__in=ON_PAGES)
    idle = Q(revoked_at=None, seen_at__lte=idle_since) | Q(revoked_for=RefreshSession.Ending.IDLE)
    found = RefreshSession.objects.filter(mine & idle).first()
    if found is None:
        return ""
    end_every(Q(pk=found.pk), RefreshSession.Ending.IDLE)
    return found.platform_session


def spare_those_in_use(session_key: str, now: datetime) -> str:
    """Before the sign-in on the platform ends because one firm's clock ran out: page sessions that it led to and that
    were used within their own firm's time go on without it. What names them from now on; "": there are none."""
    standing = RefreshSession.objects.filter(platform_session=hash_of(session_key), revoked_at=None)
    in_use = [
        one.pk
        for one in standing.select_related("organization")
        if one.seen_at and one.seen_at > now - timedelta(minutes=one.organization.idle_minutes)
    ]
    name = secrets.token_hex(32) if in_use else ""  # of the length of a hash, and of no session
    RefreshSession.objects.filter(pk__in=in_use).update(platform_session=name)
    return name


def adopt(name: str, user_id: UUID, session_key: str) -> None:
    """The same browser signed in anew: what was spared belongs to this sign-in, and ends with it."""
    spared = RefreshSession.objects.filter(platform_session=name, user_id=user_id, revoked_at=None)
    spared.update(platform_session=hash_of(session_key))


def proof_of(platform_session: str) -> str:
    """Tells the platform's host which sign-in ended here; nobody else can write it."""
    return signing.dumps(platform_session, salt=ENDED_SALT)


def is_proven(proof: str, session_key: str | None) -> bool:
    """Whether this says that the sign-in of this session on the platform ended a moment ago on a firm's host."""
    try:
        ended = signing.loads(proof[:300], salt=ENDED_SALT, max_age=ENDED_SECONDS)
    except signing.BadSignature:
        return False
    return bool(ended and session_key) and ended == hash_of(session_key or "")


def end_of_platform(session_key: str) -> None:
    """The sign-in on the platform's host ended, and with it the page sessions that it led to."""
    if session_key:
        end_where(Q(platform_session=hash_of(session_key)))


def end_where(condition: Q) -> int:
    return end_every(condition & Q(kind__in=ON_PAGES), RefreshSession.Ending.LOGOUT)


def end_every(condition: Q, why: str) -> int:
    """End the sign-ins, pages and API, that fit; how many. Holds from the next request on."""
    standing = RefreshSession.objects.filter(condition, revoked_at=None)
    return standing.update(revoked_at=timezone.now(), revoked_for=why)


def set_cookie(response: HttpResponse, session: RefreshSession) -> None:
    value = signing.dumps([session.user_id.hex, session.pk.hex], salt=SALT)
    response.set_cookie(
        settings.PAGE_SESSION_COOKIE,
        value,
        max_age=sessions.lifetime(),
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )  # no domain: the browser sends it to this organization's host and to no other


def delete_cookie(response: HttpResponse) -> None:
    response.delete_cookie(settings.PAGE_SESSION_COOKIE, path=COOKIE_PATH, samesite="Lax")


def _read(cookie: str) -> tuple[UUID, UUID] | None:
    """User and session of a cookie that we made, else None."""
    if not cookie or len(cookie) > 400:
        return None
    try:
        user, session = signing.loads(cookie, salt=SALT)
        return UUID(user), UUID(session)
    except (signing.BadSignature, ValueError, TypeError):
        return None
