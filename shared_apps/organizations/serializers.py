"""What sign-in takes and gives."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shared_apps.accounts.second_step import Setup
from shared_apps.organizations.models import RefreshSession, Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission
from shared_apps.organizations.roster import Member
from shared_apps.web.api.serializers import StrictSerializer


class LoginSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class SignedInUserSerializer(serializers.Serializer):
    """A user as one organization knows them. `id` is the user's, the same in every organization."""

    id = serializers.UUIDField()
    member_id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=[(p.value, p.value) for p in Permission]))


class LoginResponseSerializer(serializers.Serializer):
    access = serializers.CharField(help_text=_("Send it as `Authorization: Bearer ...`. Good on this host only."))
    user = SignedInUserSerializer()


class RefreshResponseSerializer(serializers.Serializer):
    access = serializers.CharField()


class StepSerializer(StrictSerializer):
    mfa_token = serializers.CharField(max_length=100)


class CodeSerializer(StepSerializer):
    code = serializers.CharField(max_length=20, help_text=_("Of the authenticator app, or a recovery code."))


class ProofSerializer(StrictSerializer):
    """Who I am, once more: one of the two."""

    password = serializers.CharField(max_length=128, trim_whitespace=False, default="", allow_blank=True)
    code = serializers.CharField(max_length=20, default="", allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given["password"] and not given["code"]:
            raise serializers.ValidationError({"password": _("Send your password or a code.")}, code="required")
        return given


def password_field() -> serializers.CharField:
    return serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class PasswordChangeSerializer(StrictSerializer):
    old_password = password_field()
    new_password = password_field()


class RegistrationSerializer(StrictSerializer):
    token = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=120)
    password = password_field()


class EmailSerializer(StrictSerializer):
    email = serializers.EmailField(max_length=254)


class PasswordResetSerializer(StrictSerializer):
    uid = serializers.CharField(max_length=40)
    token = serializers.CharField(max_length=80)
    new_password = password_field()


class KeySerializer(StrictSerializer):
    key = serializers.CharField(max_length=200)


class SetupSerializer(serializers.Serializer):
    mfa_token = serializers.CharField(help_text=_("Send it with the app's first code."))
    secret = serializers.CharField(help_text=_("To be typed where nothing can be scanned."))
    otpauth_url = serializers.CharField()
    qr_svg = serializers.CharField()


class RecoveryCodesSerializer(serializers.Serializer):
    recovery_codes = serializers.ListField(child=serializers.CharField())


class EnrolledSerializer(LoginResponseSerializer):
    recovery_codes = serializers.ListField(child=serializers.CharField())


class FactorsSerializer(serializers.Serializer):
    totp = serializers.BooleanField()
    passkeys = serializers.IntegerField()
    recovery_codes = serializers.IntegerField(help_text=_("How many are left."))


class SessionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RefreshSession.Kind.choices)
    device = serializers.CharField()
    address = serializers.IPAddressField(allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class SessionsSerializer(serializers.Serializer):
    sessions = SessionSerializer(many=True)


def setup(found: Setup) -> dict[str, str]:
    """The shape of SetupSerializer."""
    return {"mfa_token": found.token, "secret": found.secret, "otpauth_url": found.url, "qr_svg": found.svg}


def session(found: RefreshSession, *, current: bool) -> dict[str, Any]:
    """The shape of SessionSerializer."""
    names = ("kind", "device", "address", "seen_at", "created_at")
    return {"id": found.pk, **{name: getattr(found, name) for name in names}, "current": current}


def signed_in_user(member: Member) -> dict[str, Any]:
    """The shape of SignedInUserSerializer."""
    return {
        "id": member.user_id,
        "member_id": member.pk,
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "permissions": sorted(ROLE_PERMISSIONS.get(member.role, ())),
    }
