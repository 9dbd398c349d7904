"""Two-step sign-in of the person who is signed in, at /api/v1/auth/mfa/: the same authenticators as on the pages."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts import second_step
from shared_apps.accounts.addresses import client_address
from shared_apps.accounts.errors import StepExpired
from shared_apps.accounts.models import SignInStep, User
from shared_apps.organizations import serializers
from shared_apps.organizations.api.answers import organization_of, person, private, user_id_of, valid
from shared_apps.organizations.permissions import SignedIn


class MfaView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_mfa", responses=serializers.FactorsSerializer)
    def get(self, request: Request) -> Response:
        """What I have besides my password. Passkeys sign in on the platform's pages."""
        has = second_step.factors(user_id_of(request))
        return Response({"totp": has.app, "passkeys": has.passkeys, "recovery_codes": has.recovery_codes})


class AppView(APIView):
    permission = SignedIn

    @extend_schema(
        operation_id="auth_mfa_totp", request=serializers.ProofSerializer, responses=serializers.SetupSerializer
    )
    def post(self, request: Request) -> Response:
        """Begin to set up an authenticator app, after one more look at the password."""
        user = proven(request)
        return private(Response(serializers.setup(second_step.set_up(user, organization_of(request)))))


class AppActivationView(APIView):
    permission = SignedIn

    @extend_schema(
        operation_id="auth_mfa_totp_activation",
        request=serializers.CodeSerializer,
        responses=serializers.RecoveryCodesSerializer,
    )
    def post(self, request: Request) -> Response:
        """The app's first code makes it count. Answers with the recovery codes, which are to be kept."""
        given = valid(serializers.CodeSerializer, request)
        organization_id, address = organization_of(request), client_address(request.META)
        setup = SignInStep.Purpose.SETUP
        with second_step.taken(given["mfa_token"], organization_id, setup, address=address) as step:
            if step.user_id != user_id_of(request):
                raise StepExpired
            codes = second_step.activate(step, given["code"])
        return private(Response({"recovery_codes": codes}))


class AppRemovalView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_mfa_totp_removal", request=serializers.ProofSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Remove the authenticator app. With the last way to prove a second step, the recovery codes go too."""
        second_step.remove_app(proven(request))
        return Response(status=204)


class RecoveryCodesView(APIView):
    permission = SignedIn

    @extend_schema(
        operation_id="auth_mfa_recovery_codes",
        request=serializers.ProofSerializer,
        responses=serializers.RecoveryCodesSerializer,
    )
    def post(self, request: Request) -> Response:
        """New recovery codes; those before are dead."""
        return private(Response({"recovery_codes": second_step.new_recovery_codes(proven(request))}))


def proven(request: Request) -> User:
    """The person, who has just given the password or a code."""
    given = valid(serializers.ProofSerializer, request)
    user = person(request)
    second_step.confirm(user, **given, address=client_address(request.META))
    return user
