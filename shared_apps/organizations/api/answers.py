"""What the views of sign-in share: what they read of a request, and how they hand out tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import CSRFCheck
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from shared_apps.accounts.models import User
from shared_apps.organizations import serializers
from shared_apps.organizations.errors import CsrfFailed, NotAuthenticated
from shared_apps.organizations.sign_in import SignIn
from shared_apps.tenancy.requests import route_of

COOKIE = "colmeia_refresh"
COOKIE_PATH = "/api/v1/auth/"
CSRF_HEADER = OpenApiParameter(
    "X-CSRFToken", str, OpenApiParameter.HEADER, required=True, description="The value of the cookie `csrftoken`."
)
REFRESH_COOKIE = OpenApiParameter(
    COOKIE, str, OpenApiParameter.COOKIE, description="Set by the sign-in; browsers send it by themselves."
)


def organization_of(request: Request) -> UUID:
    """The organization of this host."""
    found: UUID = route_of(request).organization_id
    return found


def user_id_of(request: Request) -> UUID:
    found: UUID = request.member.user_id  # type: ignore[attr-defined] # set by the sign-in
    return found


def person(request: Request) -> User:
    """The whole row of who is signed in. Raises NotAuthenticated when the account was closed a moment ago."""
    user = User.objects.filter(pk=user_id_of(request), is_active=True).first()
    if user is None:
        raise NotAuthenticated
    return user


def valid(form: type[Serializer], request: Request) -> dict[str, Any]:
    checked = form(data=request.data)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values


def signed_in(request: Request, done: SignIn, *, status: int = 200, **more: Any) -> Response:
    rotate_token(request._request)
    body = {"access": done.access, "user": serializers.signed_in_user(done.member), **more}
    return with_refresh_cookie(Response(body, status=status), done.refresh)


def private(response: Response) -> Response:
    """Nobody in between keeps a copy."""
    response["Cache-Control"] = "no-store"
    return response


def check_csrf(request: Request) -> None:
    """Django's own check (cookie against header, and the Origin). Raises CsrfFailed."""

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = CSRFCheck(view)
    check.process_request(request._request)
    if check.process_view(request._request, view, (), {}) is not None:
        raise CsrfFailed


def with_refresh_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        COOKIE,
        token,
        max_age=timedelta(days=settings.REFRESH_TOKEN_DAYS),
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )  # no domain: the browser sends it to this organization's host and to no other
    return private(response)
