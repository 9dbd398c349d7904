"""Who is asking: the bearer of an access token, if it was issued for the organization of this host.

One query per request finds the team member in the organization's own schema, so that a deactivation or a change of role
holds from the next request on. The public user's row is not read: `request.user` is a User whose id, e-mail and name
are known from the member and whose other fields are loaded when somebody asks for them.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from structlog import get_logger

from shared_apps.accounts.models import User
from shared_apps.organizations import page_sessions, roster, tokens
from shared_apps.organizations.errors import InvalidToken
from shared_apps.organizations.roster import Member

logger = get_logger(__name__)
SCHEME = "Bearer"


def sign_in_request(request: HttpRequest) -> Member | None:
    """Set request.member and request.user from the Authorization header; None without one. Raises InvalidToken."""
    known: Member | None = getattr(request, "member", None)
    if known is not None:
        return known
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if not scheme or scheme.lower() != SCHEME.lower():
        return None
    claims = tokens.read(token.strip())
    route = getattr(request, "route", None)
    if claims is None:
        raise InvalidToken
    if route is None or route.organization_id != claims.organization_id:
        logger.warning(
            "token_for_other_organization",
            issued_for=str(claims.organization_id),
            issued_to=str(claims.user_id),
        )
        raise InvalidToken
    member = roster.members().signed_in(claims.user_id, claims.session_id)
    if member is None:
        raise InvalidToken
    request.member = member  # type: ignore[attr-defined]
    request.user = roster.user_of(member)
    request.session_id = claims.session_id  # type: ignore[attr-defined] # for the view
    return member


def sign_in_any(request: HttpRequest) -> Member | None:
    """Who calls a function view: under /api/ the bearer of a token, on pages the holder of a page session's cookie."""
    if request.path_info.startswith("/api/"):
        return sign_in_request(request)
    return page_sessions.sign_in_request(request)


class OrganizationTokenAuthentication(BaseAuthentication):
    """The API's only way in. No cookie counts here, so no cross-site request can borrow one."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        try:
            member = sign_in_request(request._request)
        except InvalidToken as error:
            raise AuthenticationFailed(error.detail, code=error.code) from error
        if member is None:
            return None
        request.member = member  # type: ignore[attr-defined]
        return request._request.user, member  # type: ignore[return-value]

    def authenticate_header(self, request: Request) -> str:
        return SCHEME
