"""Password and e-mail address of a person, at /api/v1/auth/: what mails and links do on the pages, for an app."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts.addresses import client_address
from shared_apps.organizations import passwords, serializers
from shared_apps.organizations.api.answers import person, valid
from shared_apps.organizations.permissions import Public, SignedIn


class PasswordChangeView(APIView):
    permission = SignedIn

    @extend_schema(
        operation_id="auth_password_change", request=serializers.PasswordChangeSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """A new password for who knows the old one. Everywhere else I am signed out."""
        given = valid(serializers.PasswordChangeSerializer, request)
        passwords.change(
            person(request),
            old=given["old_password"],
            new=given["new_password"],
            address=client_address(request.META),
            keep=request.session_id,  # type: ignore[attr-defined] # set by the sign-in
        )
        return Response(status=204)


class PasswordResetView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(operation_id="auth_password_reset", request=serializers.EmailSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Send a link to this address, if somebody has it. The answer is the same either way.

        The link ends in `<uid>-<token>/`: an app that opens it sends the two to `password/reset/confirmation/`.
        """
        passwords.ask_for_reset(**valid(serializers.EmailSerializer, request), request=request._request)
        return Response(status=202)


class PasswordResetConfirmationView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_password_reset_confirmation",
        request=serializers.PasswordResetSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """A new password with what the link holds. Ends every sign-in; the second step, if there is one, stays."""
        given = valid(serializers.PasswordResetSerializer, request)
        passwords.reset(uid=given["uid"], token=given["token"], new=given["new_password"])
        return Response(status=204)


class EmailVerificationView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_email_verification", request=None, responses={202: None})
    def post(self, request: Request) -> Response:
        """Send the link that proves my address once more. Nothing is sent when it is proven."""
        passwords.ask_for_verification(person(request), request=request._request)
        return Response(status=202)


class EmailConfirmationView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(operation_id="auth_email_confirmation", request=serializers.KeySerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """The address is proven by what its link holds."""
        passwords.verify(**valid(serializers.KeySerializer, request))
        return Response(status=204)
