"""Passkeys of the person who is signed in, at /api/v1/auth/mfa/passkeys/."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts import passkeys
from shared_apps.accounts.addresses import client_address
from shared_apps.organizations.api.answers import organization_of, person, private, user_id_of, valid
from shared_apps.organizations.api.mfa import proven
from shared_apps.organizations.permissions import SignedIn
from shared_apps.organizations.serializers import ProofSerializer, StepSerializer


class PasskeySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    is_passwordless = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class PasskeysSerializer(serializers.Serializer):
    passkeys = PasskeySerializer(many=True)


class BeginningSerializer(serializers.Serializer):
    mfa_token = serializers.CharField()
    options = serializers.DictField(help_text=_("For navigator.credentials.create(), binary values in base64url."))


class AnswerSerializer(StepSerializer):
    name = serializers.CharField(max_length=passkeys.LONGEST_NAME, default="", allow_blank=True)
    credential = serializers.DictField(help_text=_("The PublicKeyCredential as its toJSON() writes it."))


class AddedSerializer(serializers.Serializer):
    passkey = PasskeySerializer()
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text=_("Empty if there were some."))


class PasskeysView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_mfa_passkeys", responses=PasskeysSerializer)
    def get(self, request: Request) -> Response:
        """My passkeys, the oldest first."""
        return Response({"passkeys": [_shape(one) for one in passkeys.of(user_id_of(request))]})

    @extend_schema(operation_id="auth_mfa_passkeys_begin", request=ProofSerializer, responses=BeginningSerializer)
    def post(self, request: Request) -> Response:
        """Begin to add a passkey, after one more look at the password. It belongs to the platform's domain."""
        begun = passkeys.begin(proven(request), organization_of(request))
        return private(Response({"mfa_token": begun.token, "options": begun.options}))


class PasskeyActivationView(APIView):
    permission = SignedIn

    @extend_schema(
        operation_id="auth_mfa_passkeys_activation", request=AnswerSerializer, responses={201: AddedSerializer}
    )
    def post(self, request: Request) -> Response:
        """What the device answered makes it count. With the first second step come recovery codes, to be kept."""
        given = valid(AnswerSerializer, request)
        added, codes = passkeys.finish(
            person(request),
            organization_of(request),
            token=given["mfa_token"],
            name=given["name"],
            credential=given["credential"],
            address=client_address(request.META),
        )
        return private(Response({"passkey": _shape(added), "recovery_codes": codes}, status=201))


class PasskeyRemovalView(APIView):
    permission = SignedIn

    @extend_schema(operation_id="auth_mfa_passkeys_removal", request=ProofSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Remove a passkey. With the last way to prove a second step, the recovery codes go too."""
        passkeys.remove(proven(request), pk)
        return Response(status=204)


def _shape(one: passkeys.Passkey) -> dict[str, Any]:
    """The shape of PasskeySerializer."""
    shown = asdict(one)
    return {"id": shown.pop("pk"), **shown}
