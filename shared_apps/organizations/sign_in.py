"""Signing in to one organization. All of it runs inside the organization's schema."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from shared_apps.accounts import services as accounts
from shared_apps.accounts import throttle
from shared_apps.accounts.errors import InvalidCredentials
from shared_apps.organizations import roster, sessions, tokens
from shared_apps.organizations.errors import InvalidRefreshToken
from shared_apps.organizations.roster import Member


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in or its renewal hands out. `refresh` belongs in an HttpOnly cookie."""

    member: Member
    access: str
    refresh: str


def sign_in(*, email: str, password: str, address: str, organization_id: UUID) -> SignIn:
    """Raises InvalidCredentials (also for a right password of somebody who is no active member) or TooManyAttempts."""
    attempt = throttle.begin(email=email, address=address)
    try:
        user = accounts.check_credentials(email=email, password=password)
        member = roster.members().active(user.pk)
        if member is None:
            raise InvalidCredentials
    except InvalidCredentials:
        throttle.failed(attempt)
        raise
    with transaction.atomic():
        throttle.succeeded(attempt)
        accounts.record_sign_in(user)
        opened = sessions.open_session(user, organization_id)
    return _handed_out(member, opened)


def renew(*, refresh: str, organization_id: UUID) -> SignIn:
    """A new access token, and the refresh token that is good from now on. Raises InvalidRefreshToken."""
    renewed = sessions.rotate(refresh, organization_id=organization_id)
    if renewed is None:
        raise InvalidRefreshToken
    member = roster.members().active(renewed.session.user_id)
    if member is None:
        raise InvalidRefreshToken
    return _handed_out(member, renewed)


def _handed_out(member: Member, refreshed: sessions.Refreshed) -> SignIn:
    session = refreshed.session
    claims = tokens.Claims(session.organization_id, session.user_id, session.pk)
    return SignIn(member, tokens.issue(claims), refreshed.token)
