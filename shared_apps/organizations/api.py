"""Signing in, staying in, signing out: /api/v1/auth/ on an organization's host.

The access token goes into the Authorization header; the refresh token lives in a cookie that scripts cannot read and
that is sent to these addresses only. The two views that act on the cookie ask for Django's CSRF token as well: sign-in
sets it as the cookie `csrftoken`, to be sent back as the header X-CSRFToken.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import CSRFCheck
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts.addresses import client_address
from shared_apps.organizations import serializers, sessions, sign_in
from shared_apps.organizations.errors import CsrfFailed
from shared_apps.organizations.permissions import Public, SignedIn

COOKIE = "colmeia_refresh"
COOKIE_PATH = "/api/v1/auth/"
CSRF_HEADER = OpenApiParameter(
    "X-CSRFToken", str, OpenApiParameter.HEADER, required=True, description="The value of the cookie `csrftoken`."
)
REFRESH_COOKIE = OpenApiParameter(
    COOKIE, str, OpenApiParameter.COOKIE, description="Set by the sign-in; browsers send it by themselves."
)


class LoginView(APIView):
    permission = Public
    authentication_classes = ()  # an old token in the header must not keep anybody out

    @extend_schema(
        operation_id="auth_login", request=serializers.LoginSerializer, responses=serializers.LoginResponseSerializer
    )
    def post(self, request: Request) -> Response:
        """Sign in with e-mail and password. Five failures in fifteen minutes, per e-mail or address, close the door."""
        form = serializers.LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        done = sign_in.sign_in(
            **form.validated_data,
            address=client_address(request.META),
            organization_id=request.route.organization_id,  # type: ignore[attr-defined]
        )
        rotate_token(request._request)
        answer = Response({"access": done.access, "user": serializers.signed_in_user(done.member)})
        return _with_refresh_cookie(answer, done.refresh)


class RefreshView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_refresh",
        request=None,
        responses=serializers.RefreshResponseSerializer,
        parameters=[CSRF_HEADER, REFRESH_COOKIE],
    )
    def post(self, request: Request) -> Response:
        """A new access token for the refresh cookie, which is replaced. One replaced before ends the whole sign-in."""
        _check_csrf(request)
        organization_id = request.route.organization_id  # type: ignore[attr-defined]
        done = sign_in.renew(refresh=request.COOKIES.get(COOKIE, ""), organization_id=organization_id)
        return _with_refresh_cookie(Response({"access": done.access}), done.refresh)


class LogoutView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_logout", request=None, responses={204: None}, parameters=[CSRF_HEADER, REFRESH_COOKIE]
    )
    def post(self, request: Request) -> Response:
        """End the sign-in of the refresh cookie; access tokens that came from it stop working at once."""
        _check_csrf(request)
        organization_id = request.route.organization_id  # type: ignore[attr-defined]
        sessions.close(request.COOKIES.get(COOKIE, ""), organization_id=organization_id)
        answer = Response(status=204)
        answer.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
        return answer


class MeView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_me", responses=serializers.SignedInUserSerializer)
    def get(self, request: Request) -> Response:
        """Who I am in this organization, and what I may do."""
        return Response(serializers.signed_in_user(request.member))  # type: ignore[attr-defined]


def _check_csrf(request: Request) -> None:
    """Django's own check (cookie against header, and the Origin). Raises CsrfFailed."""

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = CSRFCheck(view)
    check.process_request(request._request)
    if check.process_view(request._request, view, (), {}) is not None:
        raise CsrfFailed


def _with_refresh_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        COOKIE,
        token,
        max_age=timedelta(days=settings.REFRESH_TOKEN_DAYS),
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )  # no domain: the browser sends it to this organization's host and to no other
    response["Cache-Control"] = "no-store"
    return response
