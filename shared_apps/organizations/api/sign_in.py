"""Signing in, staying in, signing out: /api/v1/auth/ on an organization's host.

The access token goes into the Authorization header; the refresh token lives in a cookie that scripts cannot read and
that is sent to these addresses only. The two views that act on the cookie ask for Django's CSRF token as well: sign-in
sets it as the cookie `csrftoken`, to be sent back as the header X-CSRFToken.
"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts import devices
from shared_apps.organizations import serializers, sessions, sign_in
from shared_apps.organizations.api.answers import (
    COOKIE,
    COOKIE_PATH,
    CSRF_HEADER,
    REFRESH_COOKIE,
    check_csrf,
    organization_of,
    private,
    signed_in,
    valid,
    with_refresh_cookie,
)
from shared_apps.organizations.permissions import Public, SignedIn


class LoginView(APIView):
    permission = Public
    authentication_classes = ()  # an old token in the header must not keep anybody out

    @extend_schema(
        operation_id="auth_login", request=serializers.LoginSerializer, responses=serializers.LoginResponseSerializer
    )
    def post(self, request: Request) -> Response:
        """Sign in with e-mail and password. Five failures in fifteen minutes, per e-mail or address, close the door.

        Who has two-step sign-in gets 401 `mfa_required` with an `mfa_token` for `login/code/`; where the firm asks for
        it and the person has none, 403 `mfa_enrolment_required` with one for `login/enrolment/`. An app may send a
        name of its own for the device as `X-Device-Id`.
        """
        form = serializers.LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        done = sign_in.sign_in(
            **form.validated_data,
            device=devices.of(request._request),
            organization_id=organization_of(request),
        )
        return signed_in(request, done)


class LoginCodeView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_login_code",
        request=serializers.CodeSerializer,
        responses=serializers.LoginResponseSerializer,
    )
    def post(self, request: Request) -> Response:
        """The second step: a code of the authenticator app, or a recovery code. Each code counts once."""
        given = valid(serializers.CodeSerializer, request)
        done = sign_in.finish(**given, device=devices.of(request._request), organization_id=organization_of(request))
        return signed_in(request, done)


class EnrolmentView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_login_enrolment",
        request=serializers.StepSerializer,
        responses=serializers.SetupSerializer,
    )
    def post(self, request: Request) -> Response:
        """Set up an authenticator app in the middle of the sign-in, where the firm asks for one."""
        given = valid(serializers.StepSerializer, request)
        found = sign_in.begin_enrolment(**given, organization_id=organization_of(request))
        return private(Response(serializers.setup(found)))


class EnrolmentActivationView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_login_enrolment_activation",
        request=serializers.CodeSerializer,
        responses=serializers.EnrolledSerializer,
    )
    def post(self, request: Request) -> Response:
        """The app's first code. Signs in, and gives the recovery codes, which are to be kept."""
        given = valid(serializers.CodeSerializer, request)
        done, codes = sign_in.finish_enrolment(
            **given, device=devices.of(request._request), organization_id=organization_of(request)
        )
        return signed_in(request, done, recovery_codes=codes)


class RegistrationView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_registration",
        request=serializers.RegistrationSerializer,
        responses={201: serializers.LoginResponseSerializer},
    )
    def post(self, request: Request) -> Response:
        """Somebody new takes up an invitation: `token` is what its link holds. Signs in, as `login/` does.

        Where the firm asks for two-step sign-in: 403 `mfa_enrolment_required`, with the account made. A whole firm is
        opened at the same path on the platform's host.
        """
        given = valid(serializers.RegistrationSerializer, request)
        done = sign_in.join(**given, device=devices.of(request._request), organization_id=organization_of(request))
        return signed_in(request, done, status=201)


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
        check_csrf(request)
        organization_id = organization_of(request)
        done = sign_in.renew(refresh=request.COOKIES.get(COOKIE, ""), organization_id=organization_id)
        return with_refresh_cookie(Response({"access": done.access}), done.refresh)


class LogoutView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_logout", request=None, responses={204: None}, parameters=[CSRF_HEADER, REFRESH_COOKIE]
    )
    def post(self, request: Request) -> Response:
        """End the sign-in of the refresh cookie; access tokens that came from it stop working at once."""
        check_csrf(request)
        organization_id = organization_of(request)
        sessions.close(request.COOKIES.get(COOKIE, ""), organization_id=organization_id)
        answer = Response(status=204)
        answer.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
        return answer


class MeView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_me", responses=serializers.SignedInUserSerializer)
    def get(self, request: Request) -> Response:
        """Who I am in this organization, and what I may do."""
        return Response(serializers.signed_in_user(request.member))  # type: ignore[attr-defined] # set by the sign-in
